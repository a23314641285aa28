"""Contacts: numbers as anyone can dial them, one primary contact, and who keeps them."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from cityinfo import registry
from cityinfo.features import contacts, publishing
from cityinfo.features.contacts import ContactFacts, Suggestion
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from tests.factories import EDITOR, plant, save
from tests.factories_entries import found as found_organization
from tests.factories_entries import revision_of
from tests.factories_places import HOME, change_contact, change_location, introduce, settle

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def document(city, contact_id, language="de"):
    with city.read() as db:
        rows = publishing.payloads_of(db, language, "contact", [contact_id])
    return orjson.loads(rows[0]) if rows else None


def archive(city, contact_id):
    with city.write() as db:
        contacts.archive(db, contact_id, revision=revision_of(db, contact_id), actor=EDITOR)


def restore(city, contact_id):
    with city.write() as db:
        contacts.restore(db, contact_id, revision=revision_of(db, contact_id), actor=EDITOR)


@on_one_database
@pytest.mark.parametrize(
    ("written", "region", "kept"),
    [
        ("0821 324-0", "DE", "+49 821 3240"),
        ("+90 212 5550000", "DE", "+90 212 555 00 00"),
        ("01 51581", "AT", "+43 1 51581"),
        ("115", "DE", "115"),
        ("116117", "DE", "116117"),
        (" ", "DE", None),
    ],
)
def test_numbers_are_kept_in_international_form(city, written, region, kept):
    contact = introduce(city, "Rat", phone=written, region=region, email="rat@stadt.example")
    assert document(city, contact)["phone"] == kept


@on_one_database
def test_a_number_is_read_as_people_write_it_where_the_contact_is(city):
    vienna = settle(city, "Amtshaus", address=replace(HOME, country="AT", postal_code="1010", town="Wien"))
    contact = introduce(city, "Rat", phone="01 51581", location=vienna)
    assert document(city, contact)["phone"] == "+43 1 51581"


@on_one_database
@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"phone": "12"}, "is no phone number"),
        ({"phone": "siehe Aushang"}, "is no phone number"),
        ({"mobile": "+49 1"}, "is no phone number"),
        ({"email": "rat@stadt"}, "no e-mail address"),
        ({"email": "rat at stadt.example"}, "no e-mail address"),
        ({"website": "stadt.example"}, "no web address"),
        ({"phone": "115", "appointment_url": "javascript:x"}, "no web address"),
        ({"phone": "115", "hours": "immer"}, "cannot be read as opening hours"),
        ({"name": "Erika Muster"}, "needs a phone number"),
        ({"phone": "115", "primary": True}, "choose a location"),
    ],
)
def test_what_nobody_could_use_is_refused(city, facts, sentence):
    with pytest.raises(Invalid, match=sentence), city.write() as db:
        contacts.create(db, ContactFacts(**facts), actor=EDITOR)


def test_a_contact_says_where_it_is_and_when(city):
    helpers = found_organization(city, "Verein")
    house = settle(city, "Rathaus", hours="Mo 08:00-12:00")
    contact = introduce(city, "Beratung", location=house, organization=helpers, email="Rat@Stadt.Example")
    shown = document(city, contact)
    assert (shown["title"], shown["email"], shown["own_hours"]) == ("Beratung", "Rat@stadt.example", False)
    assert (shown["opening_hours"], shown["location"]["title"]) == ("Mo 08:00-12:00", "Rathaus")
    assert shown["organization"]["name"] == "Verein"
    change_location(city, house, hours="Tu 09:00-10:00")
    assert document(city, contact)["opening_hours"] == "Tu 09:00-10:00"
    change_contact(city, contact, location=house, hours="We 09:00-10:00")
    assert (document(city, contact)["opening_hours"], document(city, contact)["own_hours"]) == ("We 09:00-10:00", True)
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


def test_a_location_has_one_primary_contact(city):
    house, other = settle(city, "Rathaus"), settle(city, "Bücherei")
    first = introduce(city, "Empfang", location=house, primary=True)
    elsewhere = introduce(city, "Ausleihe", location=other, primary=True)
    with pytest.raises(Invalid, match="has a primary contact already"):
        introduce(city, "Pforte", location=house, primary=True)
    with pytest.raises(Invalid, match="has a primary contact already"):
        change_contact(city, elsewhere, location=house, primary=True)
    change_contact(city, first, location=house, primary=True, phone="115")
    archive(city, first)
    introduce(city, "Pforte", location=house, primary=True)
    with pytest.raises(Invalid, match="has a primary contact already"):
        restore(city, first)


def test_a_contact_that_texts_show_is_neither_archived_nor_deleted(city):
    contact = introduce(city, "Beratung")
    card = f'<contact-card entry="{contact}" show="phone"></contact-card>'
    one, two = plant(city, "Hilfe", content=card), plant(city, "Rat", content=card)
    with pytest.raises(Invalid, match="2 entries show this contact"):
        archive(city, contact)
    save(city, one, content="<p>Ohne.</p>")
    with pytest.raises(Invalid, match="1 entry shows this contact"):
        archive(city, contact)
    save(city, two, content="<p>Ohne.</p>")
    archive(city, contact)
    assert document(city, contact) is None
    with city.write() as db:
        contacts.delete_for_good(db, contact, revision=revision_of(db, contact), actor=EDITOR)
    with city.read() as db, pytest.raises(NotFound):
        contacts.find(db, contact)


@on_one_database
def test_a_contact_cannot_be_at_a_location_that_is_archived(city):
    from cityinfo.features import locations

    house = settle(city, "Rathaus")
    with city.write() as db:
        locations.archive(db, house, revision=revision_of(db, house), actor=EDITOR)
    with pytest.raises(Invalid, match="is archived"):
        introduce(city, "Beratung", location=house)


@on_one_database
def test_two_editors_do_not_overwrite_each_other(city):
    contact = introduce(city, "Beratung")
    change_contact(city, contact, phone="115")
    with pytest.raises(Conflict), city.write() as db:
        contacts.change(db, contact, ContactFacts(phone="116117"), revision=1, actor=EDITOR)


@on_one_database
def test_plain_data_in_a_text_leads_to_the_contact_it_belongs_to(city):
    advice = introduce(city, "Beratung", phone="0821 3240", email="rat@stadt.example")
    gone = introduce(city, "Früher", phone="030 23125100")
    archive(city, gone)
    shown = f'<contact-card entry="{advice}" show="email"></contact-card>'
    text = f"<p>Rufen Sie <b>0821/324-0</b> an, schreiben Sie an RAT@stadt.example oder 030 23125100.</p>{shown}"
    with city.read() as db:
        found = contacts.suggestions(db, text)
        assert set(found) == {Suggestion("RAT@stadt.example", advice), Suggestion("0821/324-0", advice)}
        assert contacts.suggestions(db, '<a href="mailto:rat@stadt.example?subject=x">Mail</a>') == [
            Suggestion("rat@stadt.example", advice)
        ]
        assert contacts.suggestions(db, shown) == []
        assert contacts.suggestions(db, "<p>Am 24.12.2026 um 10:00 Uhr</p>") == []
