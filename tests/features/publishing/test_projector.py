"""What readers see is what editors released: damage is found and repaired, and schedules are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import event, func, select, text

from cityinfo import registry
from cityinfo.features import audit, content, pages, publishing
from cityinfo.features.publishing import Outline, OutlineNode, OutlineText
from cityinfo.kernel import clock
from cityinfo.kernel.db import TenantClock
from cityinfo.kernel.errors import Invalid
from tests.factories import EDITOR, archive, delete, plant, restore, save, take_offline, translate

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
HOUR = timedelta(hours=1)


def document(city, page_id, language="de"):
    with city.read() as db:
        found = publishing.payloads_of(db, language, "page", [page_id])
    return orjson.loads(found[0]) if found else None


def damage(city, statement, **values):
    """Change rows behind the product's back."""
    with city.write() as db:
        options = {"crosses": "damages published documents on purpose"}
        done = db.execute(text(statement), {"tenant": city.tenant_id, **values}, execution_options=options)
        assert done.rowcount > 0


def faults(city):
    with city.read() as db:
        return [(one.language, one.kind, one.entry_id, one.fault) for one in registry.PROJECTOR.verify(db)]


def rebuild(city):
    with city.write() as db:
        return registry.PROJECTOR.rebuild(db)


def written_at(city):
    """Entries and numbers of all published rows."""
    with city.read() as db:
        rows = publishing.Published
        return {(row.language, row.kind, row.entry_id): row.seq for row in db.scalars(select(rows))}


# Damage

OWN = "WHERE tenant_id = :tenant AND entry_id = :page AND language = 'de'"
DAMAGES = {
    "other words": (f"UPDATE published SET payload = :junk {OWN}", "says something else"),
    "another digest": (f"UPDATE published SET digest = 'x' {OWN}", "says something else"),
    "a row that is gone": (f"DELETE FROM published {OWN}", "is missing"),
    "a row marked as removed": (f"UPDATE published SET removed = true {OWN}", "is missing"),
    "a head left behind": (
        "UPDATE head SET seq = 0 WHERE tenant_id = :tenant AND language = 'de'",
        "is newer than its head",
    ),
}


@on_one_database
@pytest.mark.parametrize(("statement", "fault"), DAMAGES.values(), ids=DAMAGES)
def test_damage_is_found_and_repaired(city, statement, fault):
    page = plant(city, "Wohnen")
    before = document(city, page)
    assert faults(city) == []
    values = {"page": page} if ":page" in statement else {}
    damage(city, statement, **values, **({"junk": b"{}"} if ":junk" in statement else {}))
    assert faults(city) == [("de", "page", page, fault)]
    rebuild(city)
    assert faults(city) == []
    assert document(city, page) == before


@on_one_database
def test_a_document_that_nobody_released_is_found_and_taken_away(city):
    draft = plant(city, "Entwurf", public=False)
    damage(
        city,
        "INSERT INTO published (tenant_id, language, kind, entry_id, seq, digest, payload, removed, published_at)"
        " VALUES (:tenant, 'de', 'page', :page, 1, '', :junk, false, '2026-11-22 08:00:00+00:00')",
        page=draft,
        junk=b"{}",
    )
    assert ("de", "page", draft, "should not be there") in faults(city)
    rebuild(city)
    assert faults(city) == []
    assert document(city, draft) is None


@on_one_database
def test_a_document_in_a_language_the_city_never_had_is_taken_away(city):
    page = plant(city, "Wohnen")
    damage(city, f"UPDATE published SET language = 'uk' {OWN}", page=page)
    assert {(language, fault) for language, _, _, fault in faults(city)} >= {
        ("de", "is missing"),
        ("uk", "should not be there"),
    }
    rebuild(city)
    assert faults(city) == []


def test_rebuilding_writes_only_what_differs_and_keeps_the_epoch(city):
    page, _ = plant(city, "Eins"), plant(city, "Zwei")
    translate(city, page, "en", "One")
    before = written_at(city)
    with city.read() as db:
        epoch = db.scalar(select(TenantClock.epoch))
    damage(city, f"UPDATE published SET payload = :junk {OWN}", page=page, junk=b"{}")
    assert rebuild(city) == 1
    after = written_at(city)
    assert {key for key in after if after[key] != before[key]} == {("de", "page", page)}
    with city.read() as db:
        assert db.scalar(select(TenantClock.epoch)) == epoch
        assert publishing.heads(db, [("de", "page")])[:2] == (epoch, after["de", "page", page])
    assert rebuild(city) == 0
    assert written_at(city) == after


@on_one_database
def test_verifying_takes_the_same_number_of_statements_however_many_pages_there_are(city, count_statements):
    plant(city, "Eins")
    few = count_statements(lambda: faults(city))
    for title in ("Zwei", "Drei", "Vier"):
        plant(city, title)
    assert count_statements(lambda: faults(city)) == few


@pytest.fixture
def count_statements(database):
    def count(action):
        statements = []

        def listener(*details):
            statements.append(details)

        event.listen(database.engine, "before_cursor_execute", listener)
        action()
        event.remove(database.engine, "before_cursor_execute", listener)
        return len(statements)

    return count


# Schedules


@pytest.fixture
def wait(monkeypatch):
    """Let time pass for the product."""
    start = clock.now()

    def wait(delta):
        monkeypatch.setattr(clock, "now", lambda: start + delta)

    wait(timedelta())
    return wait


def schedule(city, page_id, language="de", *, publish_in=None, offline_in=None):
    with city.write() as db:
        pages.schedule(
            db,
            page_id,
            language,
            publish_at=publish_in and clock.now() + publish_in,
            offline_at=offline_in and clock.now() + offline_in,
            revision=content.find_text(db, page_id, language).revision,
            actor=EDITOR,
        )


def keep_schedules(city, *, projector=registry.PROJECTOR):
    """What the worker does every half minute; returns how many entries it looked at."""
    return publishing.project_due(city.database, projector=projector)


def test_a_text_is_published_and_taken_offline_by_itself(city, other_city, wait):
    page, elsewhere = plant(city, "Weihnachten", public=False), plant(other_city, "Advent", public=False)
    schedule(city, page, publish_in=HOUR, offline_in=3 * HOUR)
    schedule(other_city, elsewhere, publish_in=2 * HOUR)
    assert keep_schedules(city) == 0
    wait(HOUR)
    assert keep_schedules(city) == 1
    assert document(city, page)["title"] == "Weihnachten"
    assert document(other_city, elsewhere) is None
    wait(4 * HOUR)
    assert keep_schedules(city) == 2
    assert document(city, page) is None
    assert document(other_city, elsewhere)["title"] == "Advent"
    assert keep_schedules(city) == 0
    assert faults(city) == faults(other_city) == []


@on_one_database
def test_what_happens_by_itself_is_an_ordinary_change(city, wait):
    page = plant(city, "Weihnachten", public=False)
    with city.read() as db:
        cursor = str(publishing.changes(db, "de", since=None, most=9).cursor)
    schedule(city, page, publish_in=HOUR)
    wait(HOUR)
    keep_schedules(city)
    with city.read() as db:
        assert [change.kind for change in publishing.changes(db, "de", since=cursor, most=9).items] == [
            "outline_page",
            "page",
        ]
        last = db.scalars(select(audit.AuditRow).order_by(audit.AuditRow.id.desc()).limit(1)).one()
        assert (last.action, last.actor, last.entry_id) == ("TextPublished", "schedule", page)
        assert audit.verify(db).fault == ""


@on_one_database
def test_a_schedule_publishes_what_was_saved_last(city, wait):
    page = plant(city, "Wohnen", content="<p>Alt</p>")
    schedule(city, page, publish_in=HOUR)
    save(city, page, content="<p>Neu</p>", public=False)
    save(city, page, content="<p>Neuer</p>", public=False)
    wait(HOUR)
    keep_schedules(city)
    assert document(city, page)["content"] == "<p>Neuer</p>"


@on_one_database
def test_everything_that_came_due_while_no_worker_ran_is_done_at_once(city, wait):
    shown, over = plant(city, "Neujahr", public=False), plant(city, "Weihnachten", public=False)
    schedule(city, shown, publish_in=HOUR)
    schedule(city, over, publish_in=HOUR, offline_in=2 * HOUR)
    wait(100 * HOUR)
    assert keep_schedules(city) == 2
    assert document(city, shown)["title"] == "Neujahr"
    assert document(city, over) is None
    assert keep_schedules(city) == 0


@on_one_database
def test_a_schedule_that_was_cleared_or_changed_does_nothing_at_its_time(city, wait):
    cleared, later = plant(city, "Abgesagt", public=False), plant(city, "Verschoben", public=False)
    for page in (cleared, later):
        schedule(city, page, publish_in=HOUR)
    schedule(city, cleared)
    schedule(city, later, publish_in=3 * HOUR)
    wait(2 * HOUR)
    assert keep_schedules(city) == 0
    assert (document(city, cleared), document(city, later)) == (None, None)


@on_one_database
def test_publishing_or_deleting_by_hand_makes_the_schedule_pointless(city, wait):
    by_hand, deleted = plant(city, "Vorgezogen", public=False), plant(city, "Weg", public=False)
    for page in (by_hand, deleted):
        schedule(city, page, publish_in=HOUR)
    with city.write() as db:
        revision = content.find_text(db, by_hand, "de").revision
        pages.publish(db, by_hand, "de", revision=revision, actor=EDITOR)
    take_offline(city, by_hand, ["de"])
    archive(city, deleted)
    delete(city, deleted)
    wait(HOUR)
    assert keep_schedules(city) == 0
    assert document(city, by_hand) is None


@on_one_database
def test_each_language_has_a_schedule_of_its_own(city, wait):
    page = plant(city, "Weihnachten", public=False)
    translate(city, page, "en", "Christmas", public=False)
    schedule(city, page, publish_in=HOUR)
    schedule(city, page, "en", publish_in=2 * HOUR)
    wait(HOUR)
    keep_schedules(city)
    assert (document(city, page, "de") is None, document(city, page, "en") is None) == (False, True)
    wait(2 * HOUR)
    keep_schedules(city)
    assert document(city, page, "en")["title"] == "Christmas"


@on_one_database
def test_an_archived_page_stays_hidden_when_its_time_comes(city, wait):
    page = plant(city, "Weihnachten", public=False)
    schedule(city, page, publish_in=HOUR)
    archive(city, page)
    wait(HOUR)
    keep_schedules(city)
    assert document(city, page) is None
    restore(city, page)
    assert document(city, page)["title"] == "Weihnachten"


@on_one_database
def test_a_text_cannot_end_before_it_begins(city, wait):
    page = plant(city, "Weihnachten", public=False)
    with pytest.raises(Invalid, match="later end"):
        schedule(city, page, publish_in=2 * HOUR, offline_in=HOUR)


@on_one_database
@pytest.mark.parametrize("trouble", [Invalid("page.trouble", "This cannot be done."), KeyError("a fault of ours")])
def test_a_schedule_that_cannot_be_kept_is_logged_and_does_not_stop_others(city, wait, caplog, trouble):
    broken, fine = plant(city, "Kaputt", public=False), plant(city, "Heil", public=False)
    for page in (broken, fine):
        schedule(city, page, publish_in=HOUR)

    def pass_time(db, entry_id, moment, actor):
        if entry_id == broken:
            raise trouble
        content.pass_time(db, entry_id, moment, actor)

    wait(HOUR)
    projector = publishing.Projector([replace(pages.PAGES, pass_time=pass_time)])
    keep_schedules(city, projector=projector)
    assert document(city, fine)["title"] == "Heil"
    assert [str(broken) in record.getMessage() for record in caplog.records] == [True]
    assert keep_schedules(city) == 1, "it is tried again"
    assert document(city, broken)["title"] == "Kaputt"


@on_one_database
def test_a_moment_is_noted_once_and_forgotten_when_it_has_passed(city, wait):
    page = plant(city, "Weihnachten", public=False)
    schedule(city, page, publish_in=HOUR, offline_in=2 * HOUR)
    save(city, page, content="<p>Neu</p>", public=False)

    def appointments():
        with city.read() as db:
            return db.scalar(select(func.count()).select_from(publishing.Due))

    assert appointments() == 2
    wait(HOUR)
    keep_schedules(city)
    assert appointments() == 1


# The outline: paths, other languages, who is above whom


def node(entry_id, slug, *, parent=None, former=(), **others):
    slugs = {"de": slug, **others}
    texts = {language: OutlineText(one, entry_id * 10, former) for language, one in slugs.items() if one}
    return OutlineNode(entry_id, "page", parent, texts)


def test_a_path_is_made_of_all_slugs_from_the_first_level_down():
    outline = Outline(
        [node(3, "miete", parent=2), node(1, "alltag", en="life"), node(2, "wohnen", parent=1, en="housing")]
    )
    assert outline.path(3, "de") == "alltag/wohnen/miete"
    assert outline.path(2, "en") == "life/housing"
    assert outline.path(1, "de") == "alltag"


def test_what_cannot_be_seen_has_no_path():
    outline = Outline([node(1, "alltag"), node(2, "wohnen", parent=1, en="housing"), node(3, "verwaist", parent=9)])
    assert outline.path(2, "en") is None
    assert outline.path(3, "de") is None
    assert outline.path(4, "de") is None


def test_an_entry_is_found_by_its_slug_in_one_language_and_kind():
    outline = Outline([node(1, "wohnen", en="housing"), node(2, "housing")])
    assert outline.find("page", "en", "housing").id == 1
    assert outline.find("page", "de", "housing").id == 2
    assert outline.find("event", "de", "wohnen") is None
    assert outline.find("page", "ar", "wohnen") is None


def test_an_entry_is_found_by_a_slug_it_had_before():
    outline = Outline([node(1, "wohnung", former=("wohnen", "bleiben"))])
    assert [outline.find("page", "de", slug).id for slug in ("wohnung", "wohnen", "bleiben")] == [1, 1, 1]


@pytest.mark.parametrize("order", [1, -1])
def test_a_slug_in_use_wins_over_one_from_before(order):
    outline = Outline([node(1, "neu", former=("wohnen",)), node(2, "wohnen")][::order])
    assert outline.find("page", "de", "wohnen").id == 2


def test_ancestors_stand_in_order_from_the_first_level():
    outline = Outline([node(3, "c", parent=2), node(2, "b", parent=1), node(1, "a")])
    assert [one.id for one in outline.ancestors(3)] == [1, 2]
    assert outline.ancestors(1) == outline.ancestors(7) == []
    assert sorted(one.id for one in outline) == [1, 2, 3]


@on_one_database
def test_the_outline_that_is_published_knows_former_slugs(city):
    page = plant(city, "Wohnen", slug="wohnen")
    save(city, page, slug="wohnung")
    with city.read() as db:
        outline = publishing.outline(db, "page")
    assert outline.find("page", "de", "wohnen").id == page
    assert outline.path(page, "de") == "wohnung"
    assert outline.node(page).texts["de"].former == ("wohnen",)
