"""Nour is invited, protects her login, loses her phone and her password, and gets in again."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from cityinfo.features import audit, logins
from cityinfo.features.accounts import Account
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.facts import SYSTEM
from tests.factories_logins import Person, invite, letters, shown, token_in

FIRST, SECOND = "vier lange fremde Wörter", "Nebel Boot Holz Fuchs"


def test_from_the_invitation_to_the_lost_phone(client, city, settings, database):
    """On both databases: tables without a tenant are written from work of a tenant and of none."""
    with time_machine.travel("2031-05-01T12:00:05Z", tick=False) as time:
        invite(city, "nour@example.org", role="manager")
        nour = Person(client)
        (invitation,) = letters(settings, database)
        assert nour.come_in("/invitation/accept", token=token_in(invitation), password=FIRST).status_code == 200
        with city.write() as db:
            logins.require_second_factor(db, ["manager"], actor=SYSTEM)
        assert ask_city(nour) == 403
        app, phone = nour.add_app(), nour.add_passkey()
        assert ask_city(nour) == 200
        codes = nour.send("POST", "/me/recovery-codes", current_password="").json["codes"]
        time.shift(60)

        asked = nour.log_in(email="nour@example.org", password=FIRST).json["data"]
        assert asked["methods"] == ["totp", "passkey", "recovery_code"]
        assert nour.come_in("/second-factor", challenge=asked["challenge"], totp=shown(app)).status_code == 200
        question = nour.send("POST", "/passkey/question").json
        answer = phone.get(question["options"])
        assert nour.come_in("/passkey", challenge=question["challenge"], passkey=answer).status_code == 200

        nour.send("POST", "/password/forgot", email="nour@example.org")
        forgotten = letters(settings, database)[-1]
        asked = nour.come_in("/password/reset", token=token_in(forgotten), password=SECOND).json["data"]
        proof = {"challenge": asked["challenge"], "recovery_code": codes[3]}
        assert nour.come_in("/second-factor", **proof).status_code == 200
        assert len(nour.send("GET", "/me/sessions").json["items"]) == 1
        assert nour.send("DELETE", "/me/totp", current_password=SECOND).status_code == 204
        assert nour.send("GET", "/me/second-factors").json["recovery_codes"] == 9
        assert logins.purge(database) == 0
    with database.unit_of_work(NO_TENANT) as db:
        assert audit.verify(db).broken_at is None
    with city.read() as db:
        assert audit.verify(db).broken_at is None


def test_an_invitation_that_lapsed_leaves_nothing_behind(city, database):
    invite(city, "nour@example.org")
    with time_machine.travel(clock.now() + timedelta(days=14), tick=False):
        assert logins.purge(database) == 1
    with database.unit_of_work(NO_TENANT) as db:
        assert db.query(Account).count() == 0


def ask_city(someone):
    headers = {"Authorization": f"Bearer {someone.tokens['access_token']}"}
    return someone.client.get("/api/v1/manage/teststadt/second-factor", headers=headers).status_code
