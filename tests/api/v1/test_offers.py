"""Offers and the imprint as version 1 writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.factories import make_city, plant
from tests.factories_entries import found
from tests.factories_offers import change_offer, embed, offer, publish_imprint, switch_on
from tests.factories_places import settle

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PAPERS = '<section class="documents"><h3>Unterlagen</h3><ul><li>Ausweis</li></ul></section>'
PRIZE = '<section class="cost"><p>Ermäßigt mit Pass.</p></section>'


def get(client, path="", within="de", status=200, **query):
    answer = client.get(f"/api/v1/tenants/teststadt/{within}/offers{path}", query_string=query)
    assert answer.status_code == status, answer.text
    return answer.json


def titles(client, **query):
    return [item["title"] for item in get(client, **query)["items"]]


@pytest.fixture
def some(city):
    """Three offers that differ in everything one can ask for."""
    offer(city, "Kurs", sort="course", audiences=["women"], spoken=["de", "ar"], age_from=18, cost_from=0, cost_to=500)
    offer(city, "Amt", sort="service", age_to=17, deadline=datetime(2031, 1, 2, tzinfo=UTC))
    offer(
        city,
        "Fonds",
        sort="funding",
        audiences=["seniors"],
        cost_from=2000,
        valid_until=datetime(2031, 1, 1, tzinfo=UTC),
    )


def test_an_offer_says_everything_about_itself(client, city):
    caritas, place = found(city, "Caritas"), settle(city, "Haus")
    course = offer(
        city,
        "Kurs",
        text=f"<p>Lernen.</p>{PAPERS}{PRIZE}",
        sort="course",
        provider=caritas,
        locations=[place],
        audiences=["women"],
        spoken=["ar"],
        age_from=18,
        cost_from=500,
        schedule=[{"day": "mo", "from": "09:00", "to": "10:30"}],
        deadline=datetime(2031, 7, 1, 10, tzinfo=UTC),
        appointment="https://termin.example",
    )
    shown = get(client, f"/{course}")
    assert shown.pop("changed_at")
    assert shown.pop("organization")["name"] == "Caritas"
    assert shown == {
        "id": course,
        "kind": "offer",
        "language": "de",
        "delivered_language": "de",
        "slug": "kurs",
        "path": "offers/kurs",
        "title": "Kurs",
        "content": f"<p>Lernen.</p>{PAPERS}{PRIZE}",
        "excerpt": "Lernen. Unterlagen Ausweis Ermäßigt mit Pass.",
        "origin": "human",
        "languages": {"de": {"path": "offers/kurs"}},
        "sort": "course",
        "locations": [place],
        "contacts": [],
        "picture": None,
        "audiences": ["women"],
        "spoken": ["ar"],
        "age": {"from": 18, "to": None},
        "cost": {"from": 5, "to": None},
        "schedule": [{"day": "mo", "from": "09:00", "to": "10:30"}],
        "deadline": "2031-07-01T12:00:00+02:00",
        "valid_until": None,
        "link": None,
        "appointment": "https://termin.example",
        "sections": {
            "documents": "<h3>Unterlagen</h3><ul><li>Ausweis</li></ul>",
            "cost": "<p>Ermäßigt mit Pass.</p>",
        },
    }


CHOICES = [
    ({}, ["Amt", "Fonds", "Kurs"]),
    ({"kind": "course"}, ["Kurs"]),
    ({"kind": "course,funding"}, ["Fonds", "Kurs"]),
    ({"audience": "women"}, ["Amt", "Kurs"]),
    ({"language": "AR"}, ["Kurs"]),
    ({"cost": 0}, ["Kurs"]),
    ({"cost": 20}, ["Fonds", "Kurs"]),
    ({"age": 17}, ["Amt", "Fonds"]),
    ({"age": 18, "kind": "course,service"}, ["Kurs"]),
    ({"sort": "deadline"}, ["Fonds", "Amt", "Kurs"]),
]


@on_one_database
def test_offers_can_be_chosen_and_sorted(client, some):
    for query, wanted in CHOICES:
        assert titles(client, **query) == wanted


@on_one_database
def test_what_changed_last_comes_first_when_asked(client, city):
    first = offer(city, "Alt")
    offer(city, "Neu")
    change_offer(city, first, sort="benefit")
    assert titles(client, sort="changed") == ["Alt", "Neu"]


@on_one_database
def test_a_list_is_read_in_portions_and_with_few_fields(client, some):
    first = get(client, limit=2, fields="title, path")
    assert [item.keys() for item in first["items"]] == [{"id", "title", "path"}] * 2
    rest = get(client, limit=2, cursor=first["cursor"])
    assert ([item["title"] for item in rest["items"]], rest["more"]) == (["Kurs"], False)


NO_CHOICES = [{"kind": "party"}, {"audience": "martians"}, {"cost": -1}, {"age": "x"}]


@on_one_database
def test_what_is_no_choice_is_named(client, some):
    for query in NO_CHOICES:
        assert get(client, status=422, **query)["errors"]["query"].keys() == query.keys()


@on_one_database
def test_an_unknown_offer_is_not_found(client, city):
    assert get(client, "/1", status=404)["code"] == "offer.unknown"


@on_one_database
def test_a_list_takes_as_many_statements_whatever_its_length(client, city, database):
    from tests.web.test_statements import Statements

    statements = Statements(database.engine)
    offer(city, "Erstes")
    get(client)
    counts = []
    for more in range(2):
        for number in range(1 + 8 * more):
            offer(city, f"Kurs {more} {number}", sort="course")
        counts.append(statements.of(lambda: get(client)))
    assert counts[0] == counts[1] <= 8


def test_the_imprint_is_read_and_marked_when_another_language_stands_in(client, city):
    address = "/api/v1/tenants/teststadt/ar/imprint"
    assert client.get(address).status_code == 404
    publish_imprint(city)
    shown = client.get(address).json
    assert (shown["title"], shown["language"], shown["delivered_language"]) == ("Impressum", "ar", "de")
    assert shown["path"] == "imprint"


@on_one_database
def test_a_page_carries_the_offers_of_other_systems(client, city):
    page = plant(city, "Wohnen")
    switch_on(city, "wohnraumboerse")
    embed(city, page, "wohnraumboerse")
    shown = client.get(f"/api/v1/tenants/teststadt/de/pages/{page}").json["embedded_offers"]
    assert [(one["alias"], one["url"], one["post"]) for one in shown] == [
        ("wohnraumboerse", "https://wohnen.example.org", None)
    ]


@on_one_database
def test_a_fallback_is_marked_in_lists(database, client):
    city = make_city(database, "teststadt", features={"fallback": True})
    offer(city, "Kurs")
    items = get(client, within="en")["items"]
    assert [(item["language"], item["delivered_language"]) for item in items] == [("en", "de")]
