"""Failed logins slow down whoever fails, and nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from cityinfo.features.logins import Seal, throttle
from cityinfo.features.logins.models import LoginFailure
from cityinfo.features.logins.throttle import FREE, LONGEST_PAUSE, Attempt, pause_after
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Limited

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SEAL = Seal("a key of tests")
NOW = datetime(2031, 5, 1, 12, tzinfo=UTC)
DESK = Attempt(whose="amal@example.org", address="192.0.2.1")


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    at(monkeypatch, NOW)


def at(monkeypatch, moment):
    monkeypatch.setattr(clock, "now", lambda: moment)


def fail(database, attempt=DESK):
    with database.unit_of_work(NO_TENANT, write=True) as db:
        throttle.count(db, SEAL, attempt)


def succeed(database, attempt=DESK):
    fail(database, attempt)
    with database.unit_of_work(NO_TENANT, write=True) as db:
        throttle.take_back(db, SEAL, attempt)


def seconds_to_wait(database, attempt=DESK):
    try:
        fail(database, attempt)
    except Limited as limited:
        return limited.data["retry_after"]
    return 0


@on_one_database
def test_a_few_mistakes_are_free_and_then_each_costs_twice_the_time(database, monkeypatch):
    for _ in range(FREE["pair"]):
        fail(database)
    fail(database)
    assert seconds_to_wait(database) == 3
    at(monkeypatch, NOW + timedelta(seconds=3))
    fail(database)
    assert seconds_to_wait(database) == 5


def test_a_pause_never_lasts_longer_than_a_quarter_of_an_hour():
    pauses = [pause_after(failures) for failures in range(60)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta()
    assert pauses[-1] == LONGEST_PAUSE


@on_one_database
def test_whoever_fails_from_elsewhere_costs_the_person_at_the_desk_nothing(database):
    for _ in range(FREE["pair"] + 1):
        fail(database, Attempt(whose=DESK.whose, address="198.51.100.9"))
    assert seconds_to_wait(database, Attempt(whose=DESK.whose, address="198.51.100.9")) > 0
    assert seconds_to_wait(database) == 0


@on_one_database
def test_an_account_attacked_from_everywhere_is_closed_to_new_places_and_open_to_its_own_devices(database):
    for number in range(FREE["account"] + 1):
        fail(database, Attempt(whose=DESK.whose, address=f"198.51.100.{number}"))
    assert seconds_to_wait(database) > 0
    assert seconds_to_wait(database, Attempt(whose=DESK.whose, address="192.0.2.1", device="own laptop")) == 0


@on_one_database
def test_an_own_device_in_wrong_hands_has_to_wait_as_well(database):
    stolen = Attempt(whose=DESK.whose, address="192.0.2.1", device="own laptop")
    for _ in range(FREE["device"] + 1):
        fail(database, stolen)
    assert seconds_to_wait(database, stolen) > 0


@on_one_database
def test_one_address_cannot_try_one_password_on_everybody(database):
    for number in range(FREE["address"] + 1):
        fail(database, Attempt(whose=f"person-{number}@example.org", address="198.51.100.9"))
    assert seconds_to_wait(database, Attempt(whose="another@example.org", address="198.51.100.9")) > 0


@on_one_database
def test_a_success_lets_one_start_anew_but_not_try_others_for_free(database):
    for _ in range(FREE["pair"]):
        fail(database)
    succeed(database)
    for _ in range(FREE["pair"]):
        assert seconds_to_wait(database) == 0
    with database.unit_of_work(NO_TENANT) as db:
        counts = sorted(row.failures for row in db.query(LoginFailure))
    assert counts == [FREE["pair"], 2 * FREE["pair"], 2 * FREE["pair"]]


def test_many_attempts_at_once_are_counted_one_by_one(database):
    """On both databases: a race between two workers must not give attempts away."""
    together = Barrier(8)

    def try_once(_):
        together.wait()
        return seconds_to_wait(database)

    with ThreadPoolExecutor(8) as workers:
        waits = list(workers.map(try_once, range(8)))
    assert waits.count(0) == FREE["pair"] + 1


@on_one_database
def test_after_a_day_without_failures_nothing_counts_and_nothing_is_kept(database, monkeypatch):
    for _ in range(FREE["pair"] + 1):
        fail(database)
    at(monkeypatch, NOW + throttle.FORGOTTEN_AFTER)
    fail(database)
    assert seconds_to_wait(database) == 0
    at(monkeypatch, NOW + 3 * throttle.FORGOTTEN_AFTER)
    with database.unit_of_work(NO_TENANT, write=True) as db:
        throttle.forget_old(db, clock.now())
        assert db.query(LoginFailure).count() == 0


@on_one_database
def test_nobody_reads_in_the_table_who_failed_where(database):
    fail(database)
    with database.unit_of_work(NO_TENANT) as db:
        kept = " ".join(row.key for row in db.query(LoginFailure))
    assert "amal" not in kept
    assert "192.0.2" not in kept
