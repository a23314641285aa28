"""Contact cards in texts: change the contact once, every document follows without a new version."""

from __future__ import annotations

import orjson
import pytest

from cityinfo import registry
from cityinfo.features import contacts, content, locations, publishing
from tests.factories import EDITOR, make_city, plant, translate
from tests.factories_entries import revision_of, write
from tests.factories_places import change_contact, change_location, introduce, settle

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def page_content(city, page_id, language="de"):
    with city.read() as db:
        return orjson.loads(publishing.payloads_of(db, language, "page", [page_id])[0])["content"]


def card_of(contact_id, show=""):
    return f'<p>Fragen?</p><contact-card entry="{contact_id}" show="{show}"></contact-card>'


def versions(city, page_id, language="de"):
    with city.read() as db:
        return len(content.versions(db, page_id, language))


def test_a_card_shows_the_details_chosen_as_links(city):
    contact = introduce(
        city, "Sozialberatung", name="Erika Muster", phone="0821 324-0", email="Erika@Beispiel.Example",
        website="https://beispiel.example/?a=1&b=2",
    )  # fmt: skip
    page = plant(city, "Hilfe", content=card_of(contact, "name phone email"))
    assert page_content(city, page) == (
        '<p>Fragen?</p><div class="contact-card"><h4>Erika Muster | Sozialberatung</h4><ul class="details">'
        '<li><a href="tel:+498213240"><bdi dir="ltr">+49 821 3240</bdi></a></li>'
        '<li><a href="mailto:Erika@beispiel.example"><bdi dir="ltr">Erika@beispiel.example</bdi></a></li></ul></div>'
    )
    everything = plant(city, "Alles", content=card_of(contact))
    assert 'href="https://beispiel.example/?a=1&amp;b=2"' in page_content(city, everything)


def test_a_page_follows_its_contact_without_a_new_version(city):
    contact = introduce(city, "Beratung")
    page = plant(city, "Hilfe", content=card_of(contact, "phone"))
    translate(city, page, "en", "Help", content=card_of(contact, "phone"))
    before = versions(city, page)
    change_contact(city, contact, phone="+49 30 23125100")
    write(city, contact, "Advice", language="en", text="")
    assert "+49 30 23125100" in page_content(city, page)
    assert "<h4>Advice</h4>" in page_content(city, page, "en")
    assert "<h4>Beratung</h4>" in page_content(city, page)
    assert versions(city, page) == before == 1
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


def test_a_page_follows_when_the_location_moves(city):
    house = settle(city, "Rathaus", hours="Mo-Fr 08:00-12:00; PH off")
    contact = introduce(city, "Beratung", location=house)
    page = plant(city, "Hilfe", content=card_of(contact, "address hours"))
    assert "Musterweg 1, 86150 Augsburg" in page_content(city, page)
    change_location(city, house, address=locations.Address(street="Neuer Weg 5", town="Gersthofen"))
    assert "Neuer Weg 5, Gersthofen" in page_content(city, page)
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
def test_a_language_the_contact_does_not_have_shows_it_in_another(city):
    contact = introduce(city, "Beratung", phone="0821 3240")
    page = plant(city, "Hilfe")
    translate(city, page, "ar", "مساعدة", content=card_of(contact, "phone"))
    assert "<h4>Beratung</h4>" in page_content(city, page, "ar")
    assert '<bdi dir="ltr">+49 821 3240</bdi>' in page_content(city, page, "ar")


@on_one_database
def test_opening_hours_are_read_in_the_language_of_the_reader(city):
    hours = 'Mo-Fr 08:00-12:00,13:00-17:00; Sa "by appointment"; 2026 Dec 24,PH off'
    assert contacts.readable(hours, "de") == [
        'Montag–Freitag <bdi dir="ltr">08:00–12:00, 13:00–17:00</bdi>',
        "Samstag nach Vereinbarung",
        "2026 Dezember 24, Feiertage geschlossen",
    ]
    assert contacts.readable("Mo 09:00-10:00", "ar") == ['الاثنين <bdi dir="ltr">09:00–10:00</bdi>']
    assert contacts.readable("Mo off", "vi") == ["Monday closed"]
    assert contacts.readable('Mo 09:00-10:00 "<b>Eingang</b>"', "de")[0].endswith(" &lt;b&gt;Eingang&lt;/b&gt;")


@on_one_database
def test_own_hours_stand_before_those_of_the_location(city):
    house = settle(city, "Rathaus", hours="Mo 08:00-12:00")
    contact = introduce(city, "Beratung", location=house, hours="Tu 10:00-11:00")
    page = plant(city, "Hilfe", content=card_of(contact, "hours"))
    assert "Dienstag" in page_content(city, page)
    change_contact(city, contact, location=house)
    assert "Montag" in page_content(city, page)


@on_one_database
def test_a_contact_that_is_not_public_leaves_nothing(city):
    contact = introduce(city, "Beratung")
    page = plant(city, "Hilfe", content=card_of(contact))
    with city.write() as db:
        content.take_offline(db, contact, ["de"], actor=EDITOR)
    assert page_content(city, page) == "<p>Fragen?</p>"


@on_one_database
def test_a_name_cannot_bring_markup(city):
    contact = introduce(city, "<b>Rat</b>", name="<script>alert(1)</script>")
    page = plant(city, "Hilfe", content=card_of(contact))
    assert "<script" not in page_content(city, page)
    assert "&lt;b&gt;Rat" in page_content(city, page)


@on_one_database
def test_cards_of_a_city_that_falls_back_follow_too(database):
    city = make_city(database, "rueckfall", features={"fallback": True})
    house = settle(city, "Rathaus", text="<p>Haus</p>")
    contact = introduce(city, "Beratung", location=house)
    write(city, house, "Rathaus", text=card_of(contact, "phone address"))
    with city.read() as db:
        shown = orjson.loads(publishing.payloads_of(db, "en", "location", [house])[0])
    assert (shown["delivered_language"], "Musterweg 1" in shown["content"]) == ("de", True)
    with city.write() as db:
        assert revision_of(db, house) == 1
