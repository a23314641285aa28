"""Events as editors write them, without a browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cityinfo.cms.entries import screens
from cityinfo.features import content, events
from cityinfo.kernel import clock
from tests.cms.conftest import text_of
from tests.factories import EDITOR
from tests.factories_entries import found
from tests.factories_events import hold
from tests.web.test_statements import Statements

DAY = (clock.now() + timedelta(days=20)).date()
CAFE = {
    "title": "Sprachcafé",
    "content": "Deutsch sprechen bei Kaffee.\n\nAlle sind willkommen.",
    "starts_on": f"{DAY}",
    "starts_at": "15:00",
    "ends_at": "17:00",
    "often": "weekly",
    "interval": "1",
    "days": str(DAY.weekday()),
    "end": "never",
}


@pytest.fixture
def editor(people):
    return people("editor")


def made(editor, **fields):
    answer = editor.post("/events/new", {**CAFE, **fields})
    assert answer.status_code == 303, text_of(answer)
    return int(answer.headers["Location"].rpartition("/")[2])


def facts(city, event_id):
    with city.read() as db:
        return events.facts_of(db, events.find(db, event_id))


def fields_of(city, event_id, **changed):
    with city.read() as db:
        entry, text = content.find_entry(db, event_id), content.find_text(db, event_id, "de")
        return {**CAFE, "revision": entry.revision, "text_revision": text.revision, **changed}


def public(editor, city):
    answer = editor.client.get(f"/api/v1/tenants/{city.slug}/de/events?expand=true")
    return [(one["title"], one["starts_at"][:10]) for one in answer.json["items"]]


def test_an_event_is_written_and_published(city, editor):
    event_id = made(editor, do="publish")
    assert ("Sprachcafé", f"{DAY}") in public(editor, city)
    shown = text_of(editor.get(f"/events/{event_id}"))
    assert "von 15:00 bis 17:00 Uhr" in shown
    assert "Alle sind willkommen." in shown


def test_one_date_of_a_weekly_event_is_left_out(city, editor):
    event_id = made(editor, do="publish")
    off = datetime.combine(DAY + timedelta(days=7), datetime.min.time()).replace(hour=15).isoformat()
    assert off in text_of(editor.get(f"/events/{event_id}"))
    editor.post(f"/events/{event_id}", fields_of(city, event_id, off=off))
    days = [day for _, day in public(editor, city)]
    assert f"{DAY}" in days
    assert f"{DAY + timedelta(days=7)}" not in days
    shown = text_of(editor.get(f"/events/{event_id}"))
    assert f'value="{off}" checked' in shown
    assert "sehen es jetzt" in shown


def test_who_changes_nothing_makes_no_version_and_changes_no_event(city, editor):
    event_id = made(editor, categories="Sprache, Treffen", extra=f"{DAY + timedelta(days=2)}")
    shown = fields_of(city, event_id, categories="Sprache, Treffen", plus=f"{DAY + timedelta(days=2)}T15:00:00")
    editor.post(f"/events/{event_id}", shown)
    now = fields_of(city, event_id)
    assert (now["revision"], now["text_revision"]) == (shown["revision"], shown["text_revision"])


def test_a_further_date_is_added_at_the_same_time(city, editor):
    event_id = made(editor)
    extra = DAY + timedelta(days=2)
    editor.post(f"/events/{event_id}", fields_of(city, event_id, extra=f"{extra}"))
    assert [one.isoformat() for one in facts(city, event_id).dates] == [f"{extra}T15:00:00"]


def test_a_cancelled_date_long_ago_is_not_forgotten(city, editor):
    event_id = made(editor)
    with city.write() as db:
        past = datetime.fromisoformat("2020-01-01T15:00")
        before = events.facts_of(db, events.find(db, event_id))
        revision = content.find_entry(db, event_id).revision
        events.change(db, event_id, replace(before, exceptions=[past]), revision=revision, actor=EDITOR)
    assert f'name="off" value="{past.isoformat()}"' in text_of(editor.get(f"/events/{event_id}"))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ends_at": "14:00"}, "endet, bevor"),
        ({"starts_on": "bald"}, "Wählen Sie einen Tag"),
        ({"starts_at": ""}, "Sagen Sie, wann"),
        ({"interval": "0"}, "Zahl von 1 bis 999"),
        ({"title": " "}, "Titel"),
        ({"meeting_url": "nirgends"}, "Webadresse"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(city, editor, fields, sentence):
    refused = editor.post("/events/new", {**CAFE, **fields})
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert "Alle sind willkommen." in text_of(refused)
    with city.read() as db:
        assert list(events.EVENTS.all_ids(db)) == []


def test_a_colleague_who_was_quicker_is_not_overwritten_unseen(city, editor):
    event_id = made(editor)
    mine = fields_of(city, event_id, title="Mein Titel")
    editor.post(f"/events/{event_id}", fields_of(city, event_id, title="Anderer Titel"))
    overtaken = editor.post(f"/events/{event_id}", mine)
    assert overtaken.status_code == 409
    assert 'value="Mein Titel"' in text_of(overtaken)
    with city.read() as db:
        assert content.titles(db, event_id)["de"] == "Anderer Titel"


def test_the_dates_follow_what_is_typed(editor):
    shown = text_of(editor.post("/events/dates", {**CAFE, "often": "daily", "interval": "2"}))
    assert "Alle 2 Tage" in shown
    refused = text_of(editor.post("/events/dates", {**CAFE, "ends_at": "14:00"}))
    assert "endet, bevor" in refused


def test_an_event_is_copied_archived_and_brought_back(city, editor):
    event_id = made(editor, do="publish")
    twin = editor.post(f"/events/{event_id}/copy").headers["Location"].rpartition("/")[2]
    assert int(twin) != event_id
    with city.read() as db:
        revision = content.find_entry(db, event_id).revision
    editor.post(f"/events/{event_id}/archive", {"revision": revision})
    assert public(editor, city) == []
    assert f"/events/{event_id}" in text_of(editor.get("/events?archived=1"))
    editor.post(f"/events/{event_id}/archive", {"revision": revision + 1, "back": "1"})
    assert public(editor, city) != []


def test_a_long_list_comes_in_sheets_with_as_many_statements_as_a_short_one(city, editor, monkeypatch):
    monkeypatch.setattr(screens, "ON_A_SHEET", 3)
    hold(city, "Fest", "2100-05-01T18:00")
    asked = Statements(city.database.engine)
    short = asked.of(lambda: editor.get("/events"))
    for number in range(4):
        hold(city, f"Fest {number}", "2100-05-01T18:00")
    assert asked.of(lambda: editor.get("/events")) == short
    assert "after=" in text_of(editor.get("/events"))


def test_who_only_reads_changes_nothing(city, people):
    event_id = made(people("editor"))
    observer = people("observer")
    assert observer.get(f"/events/{event_id}").status_code == 200
    assert observer.post(f"/events/{event_id}", fields_of(city, event_id)).status_code == 403


def test_members_of_an_organization_see_only_its_events(city, people):
    own, other = found(city, "Caritas"), made(people("editor"))
    theirs = hold(city, "Beratung", "2100-05-01T18:00", organization=own)
    member = people("contributor", organization=own)
    listed = text_of(member.get("/events"))
    assert "Beratung" in listed
    assert "Sprachcafé" not in listed
    assert member.get(f"/events/{theirs}").status_code == 200
    assert member.get(f"/events/{other}").status_code == 403
    assert member.post("/events/dates", {**CAFE, "event": other}).status_code == 403
