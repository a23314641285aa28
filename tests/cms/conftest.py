"""Editors before the screens, without a browser."""

from __future__ import annotations

import shutil
from html import unescape

import pytest

from cityinfo.app import create_app
from cityinfo.features import logins
from cityinfo.kernel.db import NO_TENANT
from cityinfo.settings import Settings
from cityinfo.web import identity
from tests.factories_people import member


class Someone:
    """A person with a role, who has opened the CMS in German."""

    def __init__(self, app, city, role, *, name="", **reach):
        self.city, self.account_id = city, member(city, role, name or role.title(), **reach)
        self.client = app.test_client()
        with city.database.unit_of_work(NO_TENANT, write=True) as db:
            session = logins.sessions.begin(db, self.account_id)
        with app.test_request_context():
            response = app.make_response("")
            identity.sign_in(response, session)
        for cookie in response.headers.getlist("Set-Cookie"):
            name, _, rest = cookie.partition("=")
            self.client.set_cookie(name, rest.partition(";")[0])

    @property
    def name(self):
        return f"person:{self.account_id}"

    def get(self, path, **sent):
        return self.client.get(f"/cms/{self.city.slug}{path}", **sent)

    def post(self, path, fields=None, **sent):
        csrf = self.client.get_cookie("csrf_access_token").value
        headers = {"X-CSRF-TOKEN": csrf, **sent.pop("headers", {})}
        return self.client.post(f"/cms/{self.city.slug}{path}", data=fields, headers=headers, **sent)


def text_of(answer):
    """What the answer says, as people read it."""
    return unescape(answer.get_data(as_text=True))


@pytest.fixture
def settings(sqlite_template, tmp_path):
    """SQLite alone: screens do not notice which database stands behind them."""
    shutil.copy(sqlite_template, tmp_path / "cityinfo.sqlite3")
    return Settings(data_dir=tmp_path, head_ttl=0)


@pytest.fixture
def people(settings, city):
    """Makes someone with a role."""
    app = create_app(settings, database=city.database)
    return lambda role, **reach: Someone(app, city, role, **reach)
