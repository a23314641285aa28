"""Who did what is on record, one row an action, and the record cannot be rewritten unnoticed."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from cityinfo.features import audit, content, pages
from cityinfo.features.audit import AuditRow
from cityinfo.features.content import TextDraft
from cityinfo.kernel import clock, html
from cityinfo.kernel.errors import Conflict, Invalid
from tests.factories import archive, delete, mirror, move, plant, restore, save, take_offline, translate

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def record(city):
    with city.read() as db:
        return db.scalars(select(AuditRow).order_by(AuditRow.seq, AuditRow.id)).all()


def broken_at(city):
    with city.read() as db:
        return audit.broken_at(db)


@pytest.fixture
def added(city):
    """The names of the actions that were recorded since the last call."""
    known = len(record(city))

    def added():
        nonlocal known
        rows = record(city)[known:]
        known += len(rows)
        return [row.action for row in rows]

    return added


@on_one_database
def test_every_action_is_on_record_once(city, editor, added):
    page, other = plant(city, "Wohnen", public=False), plant(city, "Arbeit")
    assert added() == ["EntryCreated", "TextSaved", "EntryCreated", "TextSaved", "TextPublished"]
    save(city, page, content="<p>Neu</p>")
    assert added() == ["TextSaved", "TextPublished"]
    move(city, page, under=other)
    assert added() == ["PageMoved"]
    mirror(city, page, of=other)
    assert added() == ["PageMirrored"]
    translate(city, page, "en", "Housing")
    take_offline(city, page, ["de", "en"])
    assert added() == ["TextSaved", "TextPublished", "TextTakenOffline", "TextTakenOffline"]
    with city.write() as db:
        moment = clock.now() + timedelta(days=1)
        revision = content.find_text(db, page, "de").revision
        pages.schedule(db, page, "de", publish_at=moment, revision=revision, actor=editor)
    assert added() == ["TextScheduled"]
    with city.write() as db:
        revision = content.find_entry(db, page).revision
        pages.set_thumbnail(db, page, "media:1", revision=revision, actor=editor)
    assert added() == ["EntryChanged"]
    archive(city, page)
    restore(city, page)
    archive(city, page)
    delete(city, page)
    assert added() == ["EntryArchived", "EntryRestored", "EntryArchived", "EntryDeleted"]
    assert broken_at(city) is None


@on_one_database
def test_a_row_says_who_did_what_to_which_text_and_what_it_said(city, colleague):
    page = plant(city, "Wohnen", content="<p>Alt</p>")
    with city.write() as db:
        revision = content.find_text(db, page, "de").revision
        draft = TextDraft(title="Wohnen", content="<p>Neu</p>", revision=revision)
        pages.save_text(db, page, "de", draft, actor=colleague)
    row = record(city)[-1]
    assert (row.action, row.actor) == ("TextSaved", "editor:karim")
    assert (row.kind, row.entry_id, row.language) == ("page", page, "de")
    assert row.before == html.digest("Wohnen", "<p>Alt</p>")
    assert row.after == html.digest("Wohnen", "<p>Neu</p>")
    assert abs(clock.now() - row.at) < timedelta(minutes=1)


@on_one_database
def test_what_changes_nothing_or_is_refused_leaves_no_row(city, editor, added):
    page = plant(city, "Wohnen")
    added()
    save(city, page, content="<p>Guten Tag.</p>")
    take_offline(city, page, [])
    with pytest.raises(Invalid):
        move(city, page, under=page)
    with pytest.raises(Conflict), city.write() as db:
        pages.publish(db, page, "de", revision=77, actor=editor)
    assert added() == []


@on_one_database
def test_a_unit_of_work_that_fails_at_its_end_leaves_no_row(city, editor, added):
    def create(*titles):
        with city.write() as db:
            for title in titles:
                pages.create(db, TextDraft(title=title, content=""), language="de", actor=editor)

    with pytest.raises(Invalid):
        create("Wohnen", "")
    assert added() == []


@on_one_database
def test_each_city_has_a_record_of_its_own(city, other_city):
    plant(city, "Wohnen")
    before = [row.digest for row in record(city)]
    plant(other_city, "Fremd")
    assert [row.digest for row in record(city)] == before
    assert (broken_at(city), broken_at(other_city)) == (None, None)


def test_the_database_itself_refuses_to_change_a_row(city):
    plant(city, "Wohnen")
    with pytest.raises(DBAPIError), city.write() as db:
        db.execute(update(AuditRow).values(actor="nobody"), execution_options={"synchronize_session": False})
    assert broken_at(city) is None


# Someone who may do everything to the database


@pytest.fixture
def forge(request, settings, database):
    """Run a statement on the database, past everything that protects its rows."""

    def with_the_file_in_hand(statement, values):
        with sqlite3.connect(settings.data_dir / "cityinfo.sqlite3", isolation_level=None) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
            for (name,) in names.fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            assert connection.execute(statement, values).rowcount > 0
        connection.close()

    def as_superuser(statement, values):
        engine = request.getfixturevalue("postgres").admin()
        with engine.connect() as connection:
            assert connection.execute(text(statement), values).rowcount > 0
        engine.dispose()

    return with_the_file_in_hand if database.is_sqlite else as_superuser


@pytest.mark.parametrize(
    ("statement", "noticed_at"),
    [
        ("UPDATE audit SET actor = 'editor:nobody' WHERE id = :second", 1),
        ("UPDATE audit SET after = 'x', digest = 'y' WHERE id = :second", 1),
        ("DELETE FROM audit WHERE id = :second", 2),
        ("DELETE FROM audit WHERE id = :first", 1),
        ("UPDATE audit SET seq = CASE id WHEN :second THEN 1000 ELSE 999 END WHERE id IN (:second, :third)", 3),
        ("UPDATE audit SET previous = '' WHERE id = :third", 2),
    ],
    ids=[
        "altered",
        "altered with its digest",
        "removed",
        "first one removed",
        "reordered",
        "cut off from those before",
    ],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_forged_record_is_noticed(city, forge, statement, noticed_at):
    plant(city, "Wohnen", public=False)
    plant(city, "Arbeit", public=False)
    rows = record(city)
    named = dict(zip(["first", "second", "third"], [row.id for row in rows], strict=False))
    forge(statement, {name: number for name, number in named.items() if f":{name}" in statement})
    assert broken_at(city) == rows[noticed_at].id


def test_a_forged_record_is_noticed_on_every_database(city, forge):
    plant(city, "Wohnen")
    rows = record(city)
    assert broken_at(city) is None
    forge("UPDATE audit SET actor = 'editor:nobody' WHERE id = :one", {"one": rows[2].id})
    assert broken_at(city) == rows[2].id
