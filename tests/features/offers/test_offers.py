"""Offers: who they are for, where they are available, and how they leave public sight by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from cityinfo import registry
from cityinfo.features import content, offers, publishing
from cityinfo.features.offers import OfferFacts
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Conflict, Invalid
from tests.factories import EDITOR, make_city
from tests.factories_entries import found, revision_of, write
from tests.factories_offers import change_offer, offer
from tests.factories_places import introduce, settle

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SOON = datetime(2031, 5, 1, 12, tzinfo=UTC)
COURSE = {
    "sort": "course",
    "audiences": ["women", "parents"],
    "spoken": ["de", "ar"],
    "age_from": 18,
    "cost_from": 0,
    "cost_to": 1250,
    "schedule": [{"day": "mo", "from": "09:00", "to": "10:30"}],
    "deadline": SOON,
    "link": "https://kurs.example/a",
}


def document(city, entry_id, language="de"):
    with city.read() as db:
        rows = publishing.payloads_of(db, language, offers.KIND, [entry_id])
    return orjson.loads(rows[0]) if rows else None


def at(monkeypatch, moment):
    monkeypatch.setattr(clock, "now", lambda: moment)


def let_time_pass(city):
    publishing.project_due(city.database, projector=registry.PROJECTOR)


def test_readers_see_what_an_offer_is_and_who_provides_it(city):
    caritas = found(city, "Caritas", website="https://caritas.example")
    shown = document(city, offer(city, "Deutschkurs", provider=caritas, **COURSE))
    assert (shown["title"], shown["sort"], shown["organization"]["name"]) == ("Deutschkurs", "course", "Caritas")
    assert (shown["audiences"], shown["spoken"]) == (["women", "parents"], ["de", "ar"])
    assert (shown["age"], shown["cost"]) == ({"from": 18, "to": None}, {"from": 0, "to": 12.5})
    assert shown["schedule"] == [{"day": "mo", "from": "09:00", "to": "10:30"}]
    assert (shown["deadline"], shown["valid_until"]) == ("2031-05-01T12:00:00.000+00:00", None)
    assert (shown["link"], shown["appointment"]) == ("https://kurs.example/a", None)


@on_one_database
def test_an_offer_names_only_places_and_contacts_that_readers_can_see(city):
    place, hidden = settle(city, "Haus"), settle(city, "Geheim")
    with city.write() as db:
        content.take_offline(db, hidden, ["de"], actor=EDITOR)
    person = introduce(city, "Frau Amal")
    shown = document(city, offer(city, "Beratung", locations=[hidden, place], contacts=[person]))
    assert (shown["locations"], shown["contacts"]) == ([place], [person])


@on_one_database
def test_a_relation_leads_only_to_the_kind_it_is_for(city):
    person = introduce(city, "Frau Amal")
    with pytest.raises(Invalid, match="leads to location"):
        offer(city, "Beratung", locations=[person])


@on_one_database
def test_an_offer_stands_in_where_a_translation_is_missing_if_the_city_wants_that(database):
    city = make_city(database, "rueckfall", features={"fallback": True})
    assert document(city, offer(city, "Kurs"), "en")["delivered_language"] == "de"


def test_an_offer_leaves_when_its_deadline_has_passed_and_returns_when_it_is_extended(city, monkeypatch):
    course = offer(city, "Kurs", **COURSE)
    at(monkeypatch, SOON + timedelta(seconds=1))
    let_time_pass(city)
    assert document(city, course) is None
    change_offer(city, course, **{**COURSE, "deadline": SOON + timedelta(days=30)})
    assert document(city, course)["title"] == "Kurs"
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
def test_an_offer_stays_beyond_its_deadline_until_its_own_end(city, monkeypatch):
    end = SOON + timedelta(days=10)
    course = offer(city, "Kurs", **COURSE, valid_until=end)
    at(monkeypatch, SOON + timedelta(days=1))
    let_time_pass(city)
    assert document(city, course) is not None
    at(monkeypatch, end)
    let_time_pass(city)
    assert document(city, course) is None


@on_one_database
def test_what_waits_to_be_published_is_not_forgotten_while_an_offer_has_ended(city, monkeypatch):
    course = offer(city, "Kurs", **COURSE)
    later = SOON + timedelta(days=5)
    write(city, course, "Neuer Kurs", public=False)
    with city.write() as db:
        revision = content.find_text(db, course, "de").revision
        content.schedule_text(db, course, "de", publish_at=later, revision=revision, actor=EDITOR)
    at(monkeypatch, SOON + timedelta(days=1))
    let_time_pass(city)
    at(monkeypatch, later)
    let_time_pass(city)
    change_offer(city, course, **{**COURSE, "deadline": None})
    assert document(city, course)["title"] == "Neuer Kurs"


NONSENSE = [
    ({"sort": "party"}, "no kind of offer"),
    ({"sort": "link"}, "needs its address"),
    ({"audiences": ["martians"]}, "no target group"),
    ({"spoken": ["xx"]}, "no language we know"),
    ({"age_from": -1}, "no age"),
    ({"age_from": 30, "age_to": 20}, "lower one first"),
    ({"cost_to": 100}, "from how much on"),
    ({"cost_from": 200, "cost_to": 100}, "not below"),
    ({"schedule": [{"day": "montag", "from": "09:00", "to": "10:00"}]}, "A slot has a day"),
    ({"schedule": [{"day": "mo", "from": "9:00", "to": "10:00"}]}, "times such as 09:00"),
    ({"schedule": [{"day": "mo", "from": "22:00", "to": "02:00"}]}, "same day"),
    ({"deadline": SOON, "valid_until": SOON - timedelta(days=1)}, "after the end"),
    ({"link": "kurs.example"}, "no web address"),
    ({"appointment": "javascript:alert(1)"}, "no web address"),
]


@on_one_database
def test_what_makes_no_sense_is_refused_with_a_sentence(city):
    for facts, sentence in NONSENSE:
        with pytest.raises(Invalid, match=sentence):
            offer(city, "Kurs", **facts)


@on_one_database
def test_two_editors_do_not_overwrite_each_other(city):
    course = offer(city, "Kurs")
    change_offer(city, course, sort="benefit")
    with pytest.raises(Conflict), city.write() as db:
        offers.change(db, course, OfferFacts(), revision=1, actor=EDITOR)


@on_one_database
def test_an_archived_offer_is_out_of_sight_comes_back_and_can_be_deleted(city):
    course = offer(city, "Kurs")
    with city.write() as db:
        offers.archive(db, course, revision=revision_of(db, course), actor=EDITOR)
    assert document(city, course) is None
    with city.write() as db:
        offers.restore(db, course, revision=revision_of(db, course), actor=EDITOR)
    assert document(city, course) is not None
    with city.write() as db:
        offers.archive(db, course, revision=revision_of(db, course), actor=EDITOR)
        offers.delete_for_good(db, course, revision=revision_of(db, course), actor=EDITOR)
    with city.read() as db:
        assert offers.KIND not in {entry.kind for entry in db.query(content.Entry)}


@on_one_database
def test_a_part_of_the_facts_can_be_changed_alone(city):
    caritas = found(city, "Caritas")
    course = offer(city, "Kurs", provider=caritas, **COURSE)
    with city.write() as db:
        part = {"cost_to": 2000, "deadline": "2031-06-01T12:00:00+02:00"}
        offers.change_part(db, course, part, revision=revision_of(db, course), actor=EDITOR)
    shown = document(city, course)
    assert (shown["cost"]["to"], shown["deadline"]) == (20, "2031-06-01T10:00:00.000+00:00")
    assert (shown["organization"]["id"], shown["schedule"]) == (caritas, COURSE["schedule"])


@on_one_database
@pytest.mark.parametrize("part", [{"provider": 1}, {"id": 1}, {"deadline": "2031-06-01"}, {"deadline": 7}])
def test_a_part_that_nobody_may_change_this_way_is_refused(city, part):
    course = offer(city, "Kurs")
    with pytest.raises(Invalid), city.write() as db:
        offers.change_part(db, course, part, revision=revision_of(db, course), actor=EDITOR)
