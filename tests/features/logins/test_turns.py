"""A session goes on with its newest turn only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine

from cityinfo.features.logins import sessions
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Unauthenticated
from tests.factories_people import person


@pytest.fixture
def begun(database):
    """Someone and their session."""
    account_id = person(database)
    with database.unit_of_work(NO_TENANT, write=True) as db:
        return account_id, sessions.begin(db, account_id).id


def renew(database, session_id, turn):
    """The next turn; None when the session cannot go on."""
    with database.unit_of_work(NO_TENANT, write=True) as db:
        session = sessions.renew(db, session_id, turn=turn)
        return session.turn if session else None


def is_open(database, begun):
    account_id, session_id = begun
    with database.unit_of_work(NO_TENANT) as db:
        try:
            return bool(sessions.session_of(db, session_id, account_id))
        except Unauthenticated:
            return False


def test_every_renewal_brings_the_next_turn(database, begun):
    assert [renew(database, begun[1], turn) for turn in (1, 2, 3)] == [2, 3, 4]
    assert is_open(database, begun)


def test_an_old_turn_ends_the_session_for_good(database, begun):
    renew(database, begun[1], 1)
    assert renew(database, begun[1], 1) is None
    assert not is_open(database, begun)
    assert renew(database, begun[1], 2) is None


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_session_that_nobody_uses_ends_by_itself_and_is_forgotten(database, begun):
    with time_machine.travel(clock.now() + sessions.SESSION_LASTS, tick=False):
        assert not is_open(database, begun)
        assert renew(database, begun[1], 1) is None
    with time_machine.travel(clock.now() + sessions.SESSION_LASTS + timedelta(days=91), tick=False):
        assert sessions.forget_ended(database) == 1


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_session_belongs_to_one_person(database, begun):
    other = person(database, "Ben")
    assert not is_open(database, (other, begun[1]))


def test_of_many_who_renew_one_turn_at_once_one_is_answered_and_the_session_ends_for_all(database, begun):
    together = Barrier(6)

    def hold(_):
        together.wait(timeout=10)
        return renew(database, begun[1], 1)

    with ThreadPoolExecutor(6) as thieves:
        turns = [turn for turn in thieves.map(hold, range(6)) if turn is not None]
    assert turns == [2]
    assert not is_open(database, begun)
    assert renew(database, begun[1], 2) is None


def test_a_session_that_is_ended_while_it_is_renewed_stays_ended(database, begun):
    together = Barrier(2)

    def log_out():
        together.wait(timeout=10)
        with database.unit_of_work(NO_TENANT, write=True) as db:
            sessions.end(db, begun[1])

    def go_on():
        together.wait(timeout=10)
        renew(database, begun[1], 1)

    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(log_out), both.submit(go_on)]:
            done.result(timeout=10)
    assert not is_open(database, begun)
    assert renew(database, begun[1], 2) is None
