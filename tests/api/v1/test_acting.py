"""Those who run the platform act in one city at a time, and say why."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from cityinfo.features.audit import AuditRow
from cityinfo.features.logins.sessions import ACTING_LASTS
from cityinfo.kernel import clock
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
