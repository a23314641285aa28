"""An answer is kept with its change, given again to a retry, and forgotten after a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.features import idempotency
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Invalid
from tests.factories import EDITOR

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def keep(city, key="a1", request="r1", *, actor=EDITOR, body="{}"):
    with city.write() as db:
        idempotency.keep(db, key, request, status=201, headers={"ETag": '"1"'}, body=body, actor=actor)


def found(city, key="a1", request="r1", *, actor=EDITOR):
    with city.read() as db:
        kept = idempotency.find(db, key, request, actor=actor)
        return kept and (kept.status, kept.headers, kept.body)


def test_a_retry_finds_what_was_answered(city):
    keep(city, body='{"id":1}')
    assert found(city) == (201, {"ETag": '"1"'}, '{"id":1}')


@on_one_database
def test_a_key_counts_only_for_who_sent_it_and_only_in_this_city(city, other_city, colleague):
    keep(city)
    assert found(city, actor=colleague) is None
    assert found(other_city) is None


@on_one_database
def test_another_request_under_the_same_key_is_refused(city):
    keep(city)
    with pytest.raises(Invalid, match="use a new one"):
        found(city, request="r2")


@on_one_database
def test_nothing_is_kept_when_the_change_fails(city):

    def fail():
        with city.write() as db:
            idempotency.keep(db, "a1", "r1", status=201, headers={}, body="", actor=EDITOR)
            raise Invalid("test.refused", "Refused at the end.")

    with pytest.raises(Invalid, match="Refused"):
        fail()
    assert found(city) is None


@on_one_database
def test_after_a_day_a_key_is_new_and_the_worker_deletes_its_answer(city, database, time_machine):
    keep(city)
    time_machine.move_to(clock.now() + timedelta(hours=25))
    assert found(city, request="r2") is None
    keep(city, request="r2")
    keep(city, "b2")
    assert idempotency.purge(database) == 0
    time_machine.shift(timedelta(hours=25))
    assert idempotency.purge(database) == 2
    assert found(city, "b2") is None


@pytest.mark.parametrize("key", ["", "x" * 201, "zwei Wörter", "a b"])
def test_a_key_is_short_and_plain(key):
    with pytest.raises(Invalid, match="Idempotency-Key"):
        idempotency.check_key(key)


def test_where_one_part_of_a_request_ends_counts():
    assert idempotency.digest(b"ab", b"c") != idempotency.digest(b"a", b"bc")
