"""People who log in, and where their letters lie."""

from __future__ import annotations

import email
import re
from email import policy
from http.cookies import Morsel, SimpleCookie

import pyotp
from flask import Flask
from flask.testing import FlaskClient

from cityinfo.adapters.smtp import FolderMailer
from cityinfo.app import open_site
from cityinfo.features import logins
from cityinfo.features.accounts import MembershipDraft
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.kernel.facts import SYSTEM, Actor
from cityinfo.kernel.jobs import run_job, sweep
from cityinfo.settings import Settings
from cityinfo.web import identity
from tests.authenticator import SoftwareAuthenticator
from tests.factories import City
from tests.factories_people import PASSWORD

AUTH = "/api/v1/auth"


class Person:
    """Someone before the API: what they are told after a login, they send with every request."""

    def __init__(self, client: FlaskClient, address: str = "192.0.2.1") -> None:
        self.client = client
        self.address = address
        self.tokens: dict = {}

    def send(self, verb: str, path: str, **said: object):
        token = self.tokens.get("access_token")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        options = {"environ_base": {"REMOTE_ADDR": self.address}, "headers": headers}
        return self.client.open(f"{AUTH}{path}", method=verb, json=said or None, **options)

    def come_in(self, path: str, **said: object):
        """A login of any kind; what it hands out is kept."""
        answer = self.send("POST", path, **said)
        if answer.status_code == 200:
            self.tokens = answer.json
        return answer

    def log_in(self, *, email: str = "amal@example.org", password: str = PASSWORD, **said: object):
        return self.come_in("/login", email=email, password=password, **said)

    def add_app(self) -> pyotp.TOTP:
        """An authenticator app that counts."""
        app = pyotp.TOTP(self.send("POST", "/me/totp", current_password="").json["secret"])
        assert self.send("POST", "/me/totp/confirm", code=shown(app)).status_code == 204
        return app

    def add_passkey(self, authenticator: SoftwareAuthenticator | None = None, name: str = "Telefon"):
        """A passkey; returns what holds it."""
        authenticator = authenticator or SoftwareAuthenticator()
        answer = self.keep_passkey(authenticator.create(self.ask_for_passkey()["options"]), name=name)
        assert answer.status_code == 200, answer.json
        return authenticator

    def ask_for_passkey(self) -> dict:
        self.question = self.send("POST", "/me/passkeys/question", current_password="").json
        return self.question

    def keep_passkey(self, credential: dict, *, name: str = "Telefon"):
        challenge = self.question["challenge"]
        return self.send("POST", "/me/passkeys", challenge=challenge, name=name, passkey=credential)


def whose(database: Database, email: str, password: str) -> int:
    """The person who logs in with this; `Unauthenticated` when it is nobody's."""
    site = logins.Site("http://127.0.0.1:8000", logins.Seal("a key of tests"))
    return logins.Entrance(database, site).log_in(email, password, logins.Visitor()).account_id


def shown(app: pyotp.TOTP, *, steps: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return app.at(clock.now(), counter_offset=steps)


def invite(city: City, address: str, *, role: str = "editor", name: str = "Nour", **draft: object) -> int:
    """Someone invited from the terminal."""
    return invite_as(city, SYSTEM, address, role=role, name=name, **draft)


def invite_as(city: City, actor: Actor, address: str, *, role: str, name: str = "Nour", language: str = "de") -> int:
    with city.write() as db:
        membership = MembershipDraft(role=role)
        return logins.invite(db, address, name=name, membership=membership, language=language, actor=actor).id


def deliver(settings: Settings, database: Database) -> None:
    """What the worker does: every letter that waits becomes a file."""
    mailer = FolderMailer(settings.data_dir / "mail", settings.mail_from)

    def send(run, link):
        logins.send_link(run, link, mailer=mailer, site=open_site(settings))

    for tenant_id, job_id in sweep(database):
        run_job(database, {logins.SEND_LINK: send}, tenant_id, job_id)


def letters(settings: Settings, database: Database) -> list:
    """All letters so far, oldest first."""
    deliver(settings, database)
    files = sorted((settings.data_dir / "mail").glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def token_in(letter) -> str:
    """The end of the letter's link."""
    return re.search(r"/cms/(?:invitation|password)/(\S+)", letter.get_content())[1]


def cookies_of(app: Flask, database: Database, account_id: int) -> list[Morsel]:
    """What a browser holds after a login of this person."""
    with database.unit_of_work(NO_TENANT, write=True) as db:
        session = logins.sessions.begin(db, account_id)
    with app.test_request_context():
        response = app.make_response("")
        identity.sign_in(response, session)
    return [morsel for one in response.headers.getlist("Set-Cookie") for morsel in SimpleCookie(one).values()]
