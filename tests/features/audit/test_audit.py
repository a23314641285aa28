"""Who did what is on record, one row an action, and the record cannot be rewritten unnoticed."""

from __future__ import annotations

import csv
import json
import sqlite3
from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.exc import DBAPIError

from cityinfo import schema
from cityinfo.features import audit, content, pages
from cityinfo.features.audit import AuditRow
from cityinfo.features.content import TextDraft
from cityinfo.kernel import clock, facts, html
from cityinfo.kernel.errors import Conflict, Invalid
from tests.factories import EDITOR, archive, delete, mirror, move, plant, restore, save, take_offline, translate
from tests.factories_places import change_location, settle

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def record(city):
    with city.read() as db:
        return db.scalars(select(AuditRow).order_by(AuditRow.seq, AuditRow.id)).all()


def verified(city):
    with city.read() as db:
        return audit.verify(db)


def broken_at(city):
    return verified(city).broken_at


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
            of_record = "type = 'trigger' AND tbl_name LIKE 'audit%'"
            names = connection.execute(f"SELECT name FROM sqlite_master WHERE {of_record}")
            for (name,) in names.fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            assert connection.execute(statement, values).rowcount > 0
        connection.close()

    def as_owner(statement, values):
        """The tables are the owner's; that it is kept out of their rows, it can undo."""
        engine = create_engine(request.getfixturevalue("postgres").owner_url)
        with engine.begin() as connection:
            for table in ("audit", "audit_head"):
                connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_lasts"))
            assert connection.execute(text(statement), values).rowcount > 0
            connection.execute(text("ALTER TABLE audit ENABLE TRIGGER audit_lasts"))
            for table in ("audit", "audit_head"):
                connection.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
        engine.dispose()

    return with_the_file_in_hand if database.is_sqlite else as_owner


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


def test_rows_missing_at_the_end_are_noticed_on_every_database(city, forge):
    plant(city, "Wohnen")
    *_, left, _gone, last = record(city)
    forge("DELETE FROM audit WHERE id > :left", {"left": left.id})
    found = verified(city)
    assert (found.broken_at, found.fault) == (left.id, "is the last one, but 2 more were written")
    plant(city, "Arbeit")  # what is written later does not heal it
    assert broken_at(city) == record(city)[record_index(city, left.id) + 1].id
    assert last.id not in [row.id for row in record(city)]


def record_index(city, row_id):
    return [row.id for row in record(city)].index(row_id)


@on_one_database
def test_a_record_without_rows_or_without_its_end_is_noticed(city, forge):
    plant(city, "Wohnen")
    last = record(city)[-1]
    forge("DELETE FROM audit_head WHERE tenant_id = :city", {"city": city.tenant_id})
    assert (verified(city).broken_at, verified(city).fault) == (last.id, "is not where the record is noted to end")
    forge("DELETE FROM audit WHERE tenant_id = :city", {"city": city.tenant_id})
    assert verified(city).fault == ""  # nobody knows that there ever was a record; the digest kept elsewhere does
    plant(city, "Arbeit")
    forge("DELETE FROM audit WHERE tenant_id = :city", {"city": city.tenant_id})
    assert verified(city).broken_at == 0


def test_the_end_of_a_record_from_before_is_noted_by_the_migration(city, other_city, settings, forge):
    """The role that owns the tables is kept out of their rows; the migration lets it in for that one statement."""
    plant(city, "Wohnen")
    forge("DELETE FROM audit_head WHERE tenant_id <> :none", {"none": 0})
    migration = ScriptDirectory(str(schema.MIGRATIONS)).get_revision("20261125_5_webhooks").module
    engine = create_engine(settings.migration_database)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # the migration closes the table afterwards
            connection.execute(text("ALTER TABLE audit_head NO FORCE ROW LEVEL SECURITY"))
        with Operations.context(MigrationContext.configure(connection)):
            migration._note_ends()
        if engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_head FORCE ROW LEVEL SECURITY"))
    engine.dispose()
    assert [verified(one).fault for one in (city, other_city)] == ["", ""]
    assert verified(city).count == len(record(city))


# No change without digests


def changes_of(kind=facts.Change):
    yield kind
    for one in kind.__subclasses__():
        yield from changes_of(one)


CHANGES = sorted(set(changes_of()), key=lambda one: one.__name__)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_a_change_without_digests_cannot_be_told(change):
    needed = [one.name for one in fields(change) if one.default is MISSING and one.default_factory is MISSING]
    about = {**dict.fromkeys(needed, 1), "actor": EDITOR, "kind": "page"}
    for said in ({}, {"after": "Wohnen"}, {"before": "a" * 64, "after": "Arbeit"}):
        with pytest.raises(TypeError, match="needs digests"):
            change(**about, **said)
    assert change(**about, before="a" * 64).after == ""


@on_one_database
def test_a_change_that_has_no_number_is_refused(city):
    with pytest.raises(RuntimeError), city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        facts.tell(db, facts.Change(actor=EDITOR, kind="page", entry_id=1, after="a" * 64))


@on_one_database
def test_what_follows_starts_from_what_was_before(city):
    """The digests of one thing meet: what one change left is what the next one found."""
    place = settle(city, "Rathaus")
    change_location(city, place, temporarily_closed=True)
    change_location(city, place, temporarily_closed=False)
    created, first, second = [row for row in record(city) if row.entry_id == place and not row.language]
    assert (created.before, created.after) == ("", first.before)
    assert first.after == second.before
    assert second.after == first.before != first.after


# Looking at it


@pytest.fixture
def busy(city, editor, colleague):
    """A city in which two people did something; returns its rows, oldest first."""
    page = plant(city, "Wohnen")
    with city.write() as db:
        text = content.find_text(db, page, "de")
        pages.save_text(db, page, "de", TextDraft(title="W", content="", revision=text.revision), actor=colleague)
    plant(city, "Arbeit")
    return record(city)


def found(city, **wanted):
    with city.read() as db:
        return [row.id for row in audit.page(db, audit.Wanted(**wanted), limit=500).rows]


@on_one_database
def test_rows_are_found_by_who_what_and_when(city, busy):
    newest_first = [row.id for row in reversed(busy)]
    assert found(city) == newest_first
    assert found(city, actor="editor:karim") == [row.id for row in busy if row.actor == "editor:karim"]
    page = busy[-1].entry_id
    assert found(city, kind="page", entry_id=page) == [row.id for row in reversed(busy) if row.entry_id == page]
    assert found(city, action="TextPublished", language="en") == []
    assert found(city, since=busy[0].at, until=clock.now() + timedelta(days=1)) == newest_first
    assert found(city, until=busy[0].at) == []


def test_pages_lead_from_one_to_the_next_and_show_every_row_once(city, busy):
    seen, older = [], ""
    while True:
        with city.read() as db:
            page = audit.page(db, audit.Wanted(), limit=2, older=older)
        seen += [row.id for row in page.rows]
        if not (older := page.older):
            break
    assert seen == [row.id for row in reversed(busy)]
    with pytest.raises(Invalid), city.read() as db:
        audit.page(db, audit.Wanted(), older="nowhere")


def test_no_cell_of_the_table_is_a_formula_to_a_spreadsheet():
    row = AuditRow(
        **dict.fromkeys(("tenant_id", "id", "seq", "entry_id"), 1),
        **dict.fromkeys(("action", "kind", "language", "before", "after", "previous", "digest"), "x"),
        at=datetime(2026, 5, 1, tzinfo=UTC),
        actor="@SUM(1)",
        note='=HYPERLINK("x")',
    )
    (said,) = csv.DictReader(audit.csv_lines([row]))
    assert (said["actor"], said["note"]) == ("'@SUM(1)", '\'=HYPERLINK("x")')
    assert '"note":"=HYPERLINK' in "".join(audit.json_lines([row]))


@on_one_database
def test_an_export_says_everything_and_can_be_checked_elsewhere(city, busy):
    with city.read() as db:
        objects = [json.loads(line) for line in audit.json_lines(audit.each(db, audit.Wanted()))]
        table = list(csv.DictReader(audit.csv_lines(audit.each(db, audit.Wanted()))))
    assert [one["digest"] for one in objects] == [row.digest for row in busy]
    assert [{name: str(value) for name, value in one.items()} for one in objects] == table
    assert all(one["previous"] == before["digest"] for before, one in pairwise(objects))
