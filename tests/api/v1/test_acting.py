"""Those who run the platform act in one city at a time, and say why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from cityinfo.app import create_app
from cityinfo.features import logins
from cityinfo.features.audit import AuditRow
from cityinfo.features.logins import LoginSession
from cityinfo.features.logins.sessions import ACTING_LASTS
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from cityinfo.web import identity
from tests.factories_people import PASSWORD, give, person
from tests.stand_ins import with_stand_ins

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
ACTING = "/api/v1/auth/acting"


@pytest.fixture
def sam(database):
    return person(database, "Sam", staff=True, password=True)


@pytest.fixture
def client(client):
    with_stand_ins(client.application, ["platform:manage"])
    return client


@pytest.fixture
def headers(client, sam):
    return bearer(log_in(client))


def log_in(client, email="sam@example.org"):
    return client.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD}).json


def bearer(tokens):
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def enter(client, headers, city, reason="a manager asked for help"):
    return client.post(ACTING, json={"city": city.slug, "reason": reason}, headers=headers)


def is_in(client, headers, city):
    answer = client.get(f"/api/stand-in/{city.slug}/platform:manage", headers=headers)
    return answer.status_code == 200 and answer.json["actor"].startswith("staff:")


def test_staff_enter_with_a_reason_that_the_citys_managers_can_read(client, headers, city, sam):
    assert not is_in(client, headers, city)
    assert enter(client, headers, city, reason=" ").status_code == 422
    assert enter(client, headers, city).status_code == 204
    assert is_in(client, headers, city)
    with city.read() as db:
        row = db.scalars(select(AuditRow).order_by(AuditRow.seq.desc(), AuditRow.id.desc())).first()
    assert (row.action, row.actor, row.note) == ("StaffEntered", f"staff:{sam}", "a manager asked for help")


def test_entering_another_city_leaves_the_first_one(client, headers, city, other_city):
    enter(client, headers, city)
    enter(client, headers, other_city)
    assert (is_in(client, headers, city), is_in(client, headers, other_city)) == (False, True)
    assert client.delete(ACTING, headers=headers).status_code == 204
    assert not is_in(client, headers, other_city)


def test_acting_ends_by_itself_and_belongs_to_one_login(client, city, sam):
    tokens, elsewhere = log_in(client), log_in(client)
    enter(client, bearer(tokens), city)
    assert not is_in(client, bearer(elsewhere), city)
    for minutes, expected in ((-1, True), (1, False)):
        with time_machine.travel(clock.now() + ACTING_LASTS + timedelta(minutes=minutes), tick=False):
            tokens = client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).json
            assert is_in(client, bearer(tokens), city) == expected


def test_nobody_else_enters(client, city, database):
    give(city, person(database, "Mira", password=True), "manager")
    assert enter(client, bearer(log_in(client, "mira@example.org")), city).status_code == 403
    assert enter(client, {}, city).status_code == 401


def test_in_production_staff_act_only_with_a_second_factor(settings, database, city, sam):
    """Whatever the city asks for. Setting one up belongs to no city, so it is not refused."""
    given = replace(settings, env="production", secret_key="only-in-tests")
    app = with_stand_ins(create_app(given, database=database), ["platform:manage"])
    client = app.test_client()
    weak = bearer(log_in(client))
    refused = enter(client, weak, city)
    assert (refused.status_code, refused.json["code"]) == (403, "second_factor.needed")
    assert client.get("/api/v1/auth/me/second-factors", headers=weak).status_code == 200
    with database.unit_of_work(NO_TENANT, write=True) as db:
        session = logins.sessions.begin(db, sam, strong=True)
    with app.app_context():
        strong = bearer(identity.tokens_for(session))
    assert enter(client, strong, city).status_code == 204
    assert is_in(client, strong, city)
    with database.unit_of_work(NO_TENANT, write=True) as db:
        db.get(LoginSession, session.id).strong = False
    assert not is_in(client, strong, city), "nor with a login that entered before"
