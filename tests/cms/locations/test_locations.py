"""Places as editors write them, without a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityinfo.cms.entries import screens
from cityinfo.features import content, locations
from cityinfo.features.locations import hours
from tests.cms.conftest import text_of
from tests.factories_entries import found
from tests.factories_media import library_of, put
from tests.factories_places import introduce, settle
from tests.web.test_statements import Statements

LIBRARY = {
    "title": "Stadtbücherei",
    "content": "Bücher in vielen Sprachen.",
    "category": "culture",
    "street": "Am Markt 5",
    "postal_code": "54321",
    "town": "Musterstadt",
    "country": "DE",
    "hours": "none",
}
WEEK = {
    "hours": "week",
    "mo_from": ["10:00", "14:00"],
    "mo_to": ["13:00", "18:00"],
    "tu_from": ["9"],
    "tu_to": ["17.30"],
}


@pytest.fixture
def editor(people):
    return people("editor")


def made(editor, **fields):
    answer = editor.post("/locations/new", {**LIBRARY, **fields})
    assert answer.status_code == 303, text_of(answer)
    return int(answer.headers["Location"].rpartition("/")[2])


def facts(city, location_id):
    with city.read() as db:
        return locations.facts_of(db, location_id)


def fields_of(city, location_id, **changed):
    with city.read() as db:
        entry, text = content.find_entry(db, location_id), content.find_text(db, location_id, "de")
        return {**LIBRARY, "revision": entry.revision, "text_revision": text.revision, **changed}


def public(editor, city):
    return editor.client.get(f"/api/v1/tenants/{city.slug}/de/locations").json["items"]


def test_a_place_is_written_and_published(city, editor):
    location_id = made(editor, do="publish", latitude="49,75", longitude="6.64", on_map="1", also="advice", **WEEK)
    (seen,) = public(editor, city)
    answer = editor.client.get(f"/api/v1/tenants/{city.slug}/de/locations/{location_id}").json
    assert seen["title"] == "Stadtbücherei"
    assert answer["opening_hours"] == "Mo 10:00-13:00,14:00-18:00; Tu 09:00-17:30; PH off"
    assert (answer["latitude"], answer["longitude"], answer["on_map"]) == (49.75, 6.64, True)
    assert [one["slug"] for one in answer["categories"]] == ["culture", "advice"]
    shown = text_of(editor.get(f"/locations/{location_id}"))
    assert 'value="14:00"' in shown
    assert "Bücher in vielen Sprachen." in shown


def test_who_changes_nothing_makes_no_version_and_changes_no_place(city, editor):
    more = {"also": ["advice", "health"], "barrier_free": "no", "access_toilet": "partly", "ph_usual": "1", **WEEK}
    location_id = made(editor, **more)
    before = fields_of(city, location_id)
    editor.post(f"/locations/{location_id}", {**before, **more})
    assert fields_of(city, location_id) == before
    assert facts(city, location_id).accessibility == {"toilet": "partly"}


def test_hours_of_an_import_stay_as_they_were_written_when_something_else_is_changed(city, editor):
    rules = 'Mo,Tu 8:00-12:00; Su,PH closed; We 14:00-16:00 "nach Vereinbarung"'
    location_id = settle(city, "Rathaus", hours='Mo,Tu 8:00-12:00; We 14:00-16:00 "nach Vereinbarung"; PH closed')
    kept = facts(city, location_id).hours
    week = {"mo_from": "08:00", "mo_to": "12:00", "tu_from": "08:00", "tu_to": "12:00"}
    asked = {"we_from": "14:00", "we_to": "16:00", "we_appointment": "1"}
    editor.post(f"/locations/{location_id}", fields_of(city, location_id, hours="week", town="Trier", **week, **asked))
    assert (facts(city, location_id).hours, facts(city, location_id).address.town) == (kept, "Trier")
    assert rules


def test_a_rule_that_no_week_can_show_stays_in_its_field(city, editor):
    location_id = settle(city, "Park", hours="Mo-Su sunrise-sunset")
    shown = text_of(editor.get(f"/locations/{location_id}"))
    assert "Mo-Su sunrise-sunset</textarea>" in shown
    assert 'value="other" checked' in shown
    sent = fields_of(city, location_id, hours="other", hours_rule="Mo-Su sunrise-sunset")
    editor.post(f"/locations/{location_id}", sent)
    assert facts(city, location_id).hours == "Mo-Su sunrise-sunset"


def test_days_with_times_of_their_own_are_kept_and_shown(city, editor):
    dates = {
        "dates": "2",
        "d0_first": "2026-12-24",
        "d0_last": "2026-12-31",
        "d1_first": "2027-05-01",
        "d1_last": "2027-09-30",
        "d1_yearly": "1",
        "d1_days": ["0", "2"],
        "d1_from": "08:00",
        "d1_to": "20:00",
    }
    location_id = made(editor, **WEEK, **dates)
    assert facts(city, location_id).hours == (
        "Mo 10:00-13:00,14:00-18:00; Tu 09:00-17:30; May 01-Sep 30 Mo,We 08:00-20:00; PH off;"
        " 2026 Dec 24-2026 Dec 31 off"
    )
    shown = text_of(editor.get(f"/locations/{location_id}"))
    assert 'value="2026-12-24"' in shown
    assert 'name="d0_yearly" value="1" checked' in shown


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "Titel"),
        ({"category": ""}, "mindestens eine Kategorie"),
        ({"postal_code": "123"}, "fünf Ziffern"),
        ({"latitude": "oben"}, "keine Koordinate"),
        ({"latitude": "48.3"}, "Längengrad"),
        ({"on_map": "1"}, "auf der Karte"),
        ({"appointment_url": "nirgends"}, "Webadresse"),
        ({"hours": "week"}, "für mindestens einen Tag"),
        ({"hours": "week", "mo_from": "10:00", "mo_to": ""}, "Montag: Schreiben Sie, von wann bis wann"),
        ({"hours": "week", "fr_from": "25:00", "fr_to": "26:00"}, "„25:00“ ist keine Uhrzeit"),
        ({"hours": "week", "we_from": ["10", "11"], "we_to": ["12", "13"]}, "Mittwoch: Diese Zeiten überschneiden"),
        ({"hours": "other", "hours_rule": "immer"}, "Öffnungszeiten"),
        ({**WEEK, "dates": "1", "d0_first": "2026-12-24", "d0_last": "2026-12-20"}, "der letzte Tag vor dem ersten"),
        ({**WEEK, "dates": "1", "d0_last": "2026-12-20"}, "Wählen Sie einen Tag"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(city, editor, fields, sentence):
    refused = editor.post("/locations/new", {**LIBRARY, **fields})
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert "Bücher in vielen Sprachen." in text_of(refused)
    with city.read() as db:
        assert list(locations.all_ids(db)) == []


def test_a_span_is_added_and_a_day_copied_without_saving(city, editor):
    longer = text_of(editor.post("/locations/new", {**LIBRARY, **WEEK, "do": "show:slot:mo"}))
    assert 'id="mo-from-2"' in longer
    copied = text_of(editor.post("/locations/new", {**LIBRARY, **WEEK, "do": "show:copy:tu:week"}))
    assert copied.count('value="17.30"') == 5
    dated = text_of(editor.post("/locations/new", {**LIBRARY, **WEEK, "do": "show:date"}))
    assert 'id="d0-first"' in dated
    sent = {**LIBRARY, **WEEK, "dates": "2", "d0_first": "2026-12-24", "d1_first": "2027-01-02", "do": "show:drop:d0"}
    left = text_of(editor.post("/locations/new", sent))
    assert "2027-01-02" in left
    assert "2026-12-24" not in left
    with city.read() as db:
        assert list(locations.all_ids(db)) == []


def test_what_readers_are_told_follows_what_is_typed(editor):
    always = text_of(editor.post("/locations/new", {**LIBRARY, "hours": "always", "do": "show"}))
    assert "Immer geöffnet." in always
    closed = text_of(editor.post("/locations/new", {**LIBRARY, **WEEK, "temporarily_closed": "1", "do": "show"}))
    assert "Vorübergehend geschlossen." in closed
    week = text_of(editor.post("/locations/new", {**LIBRARY, **WEEK, "do": "show"}))
    assert "10:00–13:00, 14:00–18:00" in week
    refused = text_of(
        editor.post("/locations/new", {**LIBRARY, "hours": "week", "mo_from": "99", "mo_to": "", "do": "show"})
    )
    assert "Montag: Schreiben Sie, von wann bis wann" in refused


def test_a_picture_of_the_library_is_chosen(city, editor, settings):
    picture = put(library_of(city.database, settings), city)
    location_id = made(editor, picture=str(picture))
    assert facts(city, location_id).picture == picture
    assert f'value="{picture}" checked' in text_of(editor.get(f"/locations/{location_id}"))


def test_a_colleague_who_was_quicker_is_not_overwritten_unseen(city, editor):
    location_id = made(editor)
    mine = fields_of(city, location_id, town="Meinstadt", **WEEK)
    editor.post(f"/locations/{location_id}", fields_of(city, location_id, town="Anderstadt"))
    overtaken = editor.post(f"/locations/{location_id}", mine)
    assert overtaken.status_code == 409
    assert 'value="Meinstadt"' in text_of(overtaken)
    assert 'value="17.30"' in text_of(overtaken)
    assert facts(city, location_id).address.town == "Anderstadt"


def test_the_list_says_where_what_and_whether_it_is_open(city, editor):
    settle(city, "Rathaus", hours="24/7", categories=["authority"])
    settle(city, "Bad", temporarily_closed=True, categories=["leisure"])
    listed = text_of(editor.get("/locations"))
    assert "Musterweg 1, 86150 Augsburg · Behörde · Immer geöffnet." in listed
    assert "Vorübergehend geschlossen." in listed
    sifted = text_of(editor.get("/locations?category=leisure"))
    assert "Bad" in sifted
    assert "Rathaus" not in sifted


def test_a_place_that_is_needed_is_not_archived_and_what_needs_it_is_named(city, editor):
    location_id = settle(city, "Rathaus")
    introduce(city, "Auskunft", location=location_id)
    with city.read() as db:
        revision = content.find_entry(db, location_id).revision
    answer = editor.post(f"/locations/{location_id}/archive", {"revision": revision}, follow_redirects=True)
    assert "Dieser Ort wird noch gebraucht" in text_of(answer)
    assert "Auskunft" in text_of(answer)
    assert len(public(editor, city)) == 1


def test_a_place_is_archived_and_brought_back(city, editor):
    location_id = made(editor, do="publish")
    with city.read() as db:
        revision = content.find_entry(db, location_id).revision
    editor.post(f"/locations/{location_id}/archive", {"revision": revision})
    assert public(editor, city) == []
    assert f"/locations/{location_id}" in text_of(editor.get("/locations?archived=1"))
    editor.post(f"/locations/{location_id}/archive", {"revision": revision + 1, "back": "1"})
    assert len(public(editor, city)) == 1


def test_a_long_list_comes_in_sheets_with_as_many_statements_as_a_short_one(city, editor, monkeypatch):
    monkeypatch.setattr(screens, "ON_A_SHEET", 3)
    settle(city, "Rathaus", hours="Mo-Fr 08:00-12:00; PH off")
    asked = Statements(city.database.engine)
    short = asked.of(lambda: editor.get("/locations"))
    for number in range(4):
        settle(city, f"Amt {number}", hours="Mo-Fr 08:00-12:00")
    assert asked.of(lambda: editor.get("/locations")) == short
    assert "after=" in text_of(editor.get("/locations?category=advice"))
    assert "category=advice" in text_of(editor.get("/locations?category=advice"))


def test_who_only_reads_changes_nothing(city, people):
    location_id = made(people("editor"))
    observer = people("observer")
    form = observer.get(f"/locations/{location_id}")
    assert form.status_code == 200
    assert 'value="show:' not in text_of(form)
    assert observer.post(f"/locations/{location_id}", fields_of(city, location_id)).status_code == 403


def test_members_of_an_organization_see_only_its_places(city, people):
    own, other = found(city, "Caritas"), made(people("editor"))
    theirs = settle(city, "Beratung", organization=own)
    member = people("contributor", organization=own)
    listed = text_of(member.get("/locations"))
    assert "Beratung" in listed
    assert "Stadtbücherei" not in listed
    assert "Stadtbücherei" not in text_of(member.get("/locations?category=culture"))
    assert member.get(f"/locations/{theirs}").status_code == 200
    assert member.get(f"/locations/{other}").status_code == 403


def test_the_form_writes_hours_that_mean_what_it_shows(city, editor):
    location_id = made(editor, **WEEK)
    rules = facts(city, location_id).hours
    assert hours.check(rules) == rules
    with city.write() as db:
        before = locations.facts_of(db, location_id)
        assert replace(before, hours=rules) == before
