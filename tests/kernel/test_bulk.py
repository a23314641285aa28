"""Many rows at once say what rows of a session say, and stay within their city."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from cityinfo.features.publishing import Published
from cityinfo.kernel.bulk import insert_rows, update_rows
from cityinfo.kernel.errors import Leak

MOMENT = datetime(2026, 12, 24, 18, 30, 15, 123456, tzinfo=UTC)


def document(city, number, **changed):
    row = {"tenant_id": city.tenant_id, "language": "de", "kind": "page", "entry_id": number, "seq": 1}
    said = {"digest": "a", "payload": '{"ü": "\\" \'"}'.encode() + bytes(range(256)), "removed": False}
    return {**row, **said, "published_at": MOMENT, **changed}


def documents(city):
    with city.read() as db:
        return {row.entry_id: row for row in db.scalars(select(Published).where(Published.entry_id < 9))}


def test_rows_are_read_as_they_were_written(city):
    with city.write() as db:
        insert_rows(db, Published, [document(city, 1), document(city, 2, payload=None, removed=True, digest="{b,\\}")])
    rows = documents(city)
    assert (rows[1].payload, rows[1].published_at, rows[1].removed) == (document(city, 1)["payload"], MOMENT, False)
    assert (rows[2].payload, rows[2].removed, rows[2].digest) == (None, True, "{b,\\}")


def test_a_change_reaches_its_rows_alone(city):
    with city.write() as db:
        insert_rows(db, Published, [document(city, number) for number in (1, 2, 3)])
        update_rows(db, Published, [document(city, number, digest=f"neu {number}", payload=None) for number in (1, 3)])
    assert {number: (row.digest, row.payload is None) for number, row in documents(city).items()} == {
        1: ("neu 1", True),
        2: ("a", False),
        3: ("neu 3", True),
    }


def test_nothing_to_write_is_no_statement(city):
    with city.write() as db:
        insert_rows(db, Published, [])
        update_rows(db, Published, [])
    assert documents(city) == {}


def test_a_row_of_another_city_is_refused(city, other_city):
    for act in (insert_rows, update_rows):
        with pytest.raises(Leak), city.write() as db:
            act(db, Published, [document(city, 1), document(other_city, 2)])
    assert documents(other_city) == {}
