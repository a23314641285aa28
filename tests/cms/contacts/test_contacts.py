"""Contacts as editors write them, without a browser."""

from __future__ import annotations

import pytest

from cityinfo.cms.entries import screens
from cityinfo.features import contacts, content
from tests.cms.conftest import text_of
from tests.factories import plant
from tests.factories_entries import found
from tests.factories_places import introduce, settle
from tests.web.test_statements import Statements

ADVICE = {"title": "Beratung zum Wohnen", "name": "Amal Haddad", "phone": "0821 3240", "hours": "none"}


@pytest.fixture
def editor(people):
    return people("editor")


def made(editor, **fields):
    answer = editor.post("/contacts/new", {**ADVICE, **fields})
    assert answer.status_code == 303, text_of(answer)
    return int(answer.headers["Location"].rpartition("/")[2])


def facts(city, contact_id):
    with city.read() as db:
        return contacts.facts_of(db, contact_id)


def fields_of(city, contact_id, **changed):
    with city.read() as db:
        entry, text = content.find_entry(db, contact_id), content.find_text(db, contact_id, "de")
        return {**ADVICE, "revision": entry.revision, "text_revision": text.revision, **changed}


def public(editor, city, contact_id):
    return editor.client.get(f"/api/v1/tenants/{city.slug}/de/contacts/{contact_id}").json


def test_a_contact_is_written_and_published(city, editor):
    place = settle(city, "Rathaus", hours="Mo-Fr 08:00-12:00")
    contact_id = made(editor, do="publish", location=str(place), primary="1", email="amal@example.org")
    seen = public(editor, city, contact_id)
    assert (seen["title"], seen["name"], seen["phone"]) == ("Beratung zum Wohnen", "Amal Haddad", "+49 821 3240")
    assert (seen["primary"], seen["own_hours"], seen["opening_hours"]) == (True, False, "Mo-Fr 08:00-12:00")
    assert "Beratung zum Wohnen" in text_of(editor.get("/contacts"))
    assert "Amal Haddad · +49 821 3240 · Rathaus · Hauptkontakt" in text_of(editor.get("/contacts"))


def test_hours_of_its_own_take_the_place_of_those_of_its_location(city, editor):
    place = settle(city, "Rathaus", hours="24/7")
    inherited = text_of(editor.post("/contacts/new", {**ADVICE, "location": str(place), "do": "show"}))
    assert "Immer geöffnet." in inherited
    contact_id = made(editor, do="publish", location=str(place), hours="week", tu_from="14:00", tu_to="16:00")
    assert public(editor, city, contact_id)["opening_hours"] == "Tu 14:00-16:00; PH off"
    assert 'value="14:00"' in text_of(editor.get(f"/contacts/{contact_id}"))


def test_who_changes_nothing_makes_no_version_and_changes_no_contact(city, editor):
    place = settle(city, "Rathaus")
    contact_id = made(editor, location=str(place), primary="1")
    before = fields_of(city, contact_id)
    editor.post(f"/contacts/{contact_id}", {**before, "phone": "+49 821 3240", "location": str(place), "primary": "1"})
    assert fields_of(city, contact_id) == before


def test_what_was_written_below_the_title_elsewhere_stays(city, editor):
    contact_id = introduce(city, "Auskunft", text="<p>Bitte anmelden.</p>")
    editor.post(f"/contacts/{contact_id}", fields_of(city, contact_id, title="Beratung", do="publish"))
    seen = public(editor, city, contact_id)
    assert (seen["title"], seen["content"]) == ("Beratung", "<p>Bitte anmelden.</p>")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "Titel"),
        ({"phone": ""}, "Telefonnummer"),
        ({"phone": "12"}, "keine Telefonnummer"),
        ({"email": "amal"}, "keine E-Mail-Adresse"),
        ({"website": "nirgends"}, "Webadresse"),
        ({"primary": "1"}, "Ort"),
        ({"hours": "week", "mo_from": "8", "mo_to": ""}, "Montag: Schreiben Sie, von wann bis wann"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(city, editor, fields, sentence):
    refused = editor.post("/contacts/new", {**ADVICE, **fields})
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert 'value="Amal Haddad"' in text_of(refused)
    with city.read() as db:
        assert list(contacts.all_ids(db)) == []


def test_a_contact_that_a_text_shows_is_not_archived_and_the_text_is_named(city, editor):
    contact_id = introduce(city, "Auskunft")
    page = plant(city, "Wohnen", content=f'<contact-card entry="{contact_id}"></contact-card>')
    with city.read() as db:
        revision = content.find_entry(db, contact_id).revision
    refused = text_of(editor.post(f"/contacts/{contact_id}/archive", {"revision": revision}, follow_redirects=True))
    assert "zeigt diesen Kontakt in einem Text" in refused
    assert f'href="/cms/{city.slug}/texts/{page}/de"' in refused
    assert public(editor, city, contact_id)["title"] == "Auskunft"


def test_a_contact_is_archived_and_brought_back(city, editor):
    contact_id = made(editor, do="publish")
    with city.read() as db:
        revision = content.find_entry(db, contact_id).revision
    editor.post(f"/contacts/{contact_id}/archive", {"revision": revision})
    assert f"/contacts/{contact_id}" in text_of(editor.get("/contacts?archived=1"))
    editor.post(f"/contacts/{contact_id}/archive", {"revision": revision + 1, "back": "1"})
    assert public(editor, city, contact_id)["title"] == "Beratung zum Wohnen"


def test_a_long_list_comes_in_sheets_with_as_many_statements_as_a_short_one(city, editor, monkeypatch):
    monkeypatch.setattr(screens, "ON_A_SHEET", 3)
    place = settle(city, "Rathaus")
    introduce(city, "Auskunft", location=place)
    asked = Statements(city.database.engine)
    short = asked.of(lambda: editor.get("/contacts"))
    for number in range(4):
        introduce(city, f"Stelle {number}", location=place)
    assert asked.of(lambda: editor.get("/contacts")) == short
    assert "after=" in text_of(editor.get("/contacts"))


def test_who_writes_events_alone_reads_contacts_and_changes_none(city, people):
    contact_id = introduce(city, "Auskunft")
    manager = people("event_manager")
    assert manager.get(f"/contacts/{contact_id}").status_code == 200
    assert manager.post(f"/contacts/{contact_id}", fields_of(city, contact_id)).status_code == 403


def test_members_of_an_organization_see_only_its_contacts(city, people):
    own, other = found(city, "Caritas"), introduce(city, "Auskunft")
    theirs = introduce(city, "Beratung", organization=own)
    member = people("contributor", organization=own)
    assert "Beratung" in text_of(member.get("/contacts"))
    assert "Auskunft" not in text_of(member.get("/contacts"))
    assert member.get(f"/contacts/{theirs}").status_code == 200
    assert member.get(f"/contacts/{other}").status_code == 403
