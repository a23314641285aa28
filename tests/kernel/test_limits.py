"""What comes from one address is limited, and nobody finds out which address it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from cityinfo.kernel import limits
from cityinfo.kernel.errors import Limited
from cityinfo.kernel.limits import Salt, Sending

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def send(city, what="push", *, address="192.0.2.1"):
    with city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        limits.count(db, what, address=address, most=2, within=10 * MINUTE)


def rows(city, table):
    with city.read() as db:
        return db.scalar(select(func.count()).select_from(table))


def test_each_address_each_city_and_each_sort_of_thing_has_a_limit_of_its_own(city, other_city, time):
    send(city)
    send(city)
    with pytest.raises(Limited, match="try again in 10 minutes"):
        send(city)
    send(city, "feedback")
    send(city, address="192.0.2.2")
    send(other_city)
    time.move_to(NOON + 11 * MINUTE)
    send(city)


def test_no_address_is_kept_and_the_next_day_it_is_another_one(city, time):
    send(city)
    with city.read() as db:
        first = db.scalar(select(Sending.sender))
    time.move_to(NOON + DAY)
    send(city)
    with city.read() as db:
        (second,) = db.scalars(select(Sending.sender))
        assert [salt.day for salt in db.scalars(select(Salt))] == [(NOON + DAY).date()]
    assert "192.0.2.1" not in (first, second)
    assert first != second


def test_cities_to_which_nobody_writes_any_more_forget_too(city, other_city, time):
    send(city)
    time.move_to(NOON + DAY)
    send(other_city)
    assert limits.forget(city.database) == 1
    assert [rows(city, table) for table in (Salt, Sending)] == [0, 0]
    assert [rows(other_city, table) for table in (Salt, Sending)] == [1, 1]
