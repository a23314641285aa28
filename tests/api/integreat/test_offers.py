"""External offers and the imprint, as the apps expect them, and where older apps look for them."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.factories import make_city, plant
from tests.factories_offers import embed, publish_imprint, switch_on

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def city(database):
    return make_city(database, "teststadt", postal_codes=["86150"])


def get(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.json


def test_a_city_lists_what_it_has_switched_on_in_its_order(client, city):
    assert get(client, "/api/v3/teststadt/de/offers/") == []
    switch_on(city, "wohnraumboerse", "sprungbrett", "lehrstellen-radar")
    shown = get(client, "/api/v3/teststadt/de/offers/")
    assert [one["alias"] for one in shown] == ["wohnraumboerse", "sprungbrett", "lehrstellen-radar"]
    assert shown[1] == {
        "alias": "sprungbrett",
        "name": "Sprungbrett Into Work",
        "url": "https://sprungbrett.example.org/jobs?location=86150",
        "thumbnail": "https://sprungbrett.example.org/logo.svg",
        "post": None,
    }
    assert shown[2]["post"] == {"partner": "0006", "radius": "50", "search-plz": "86150"}
    for older in ("/api/v3/teststadt/de/extras", "/teststadt/de/wp-json/extensions/v3/extras"):
        assert get(client, older) == shown


@pytest.mark.parametrize("what", ["pages/", "children/?depth=1", "page/?url=/teststadt/de/arbeit"])
def test_a_page_carries_its_offers(client, city, what):
    page = plant(city, "Arbeit")
    switch_on(city, "sprungbrett", help="https://zammad.example")
    embed(city, page, "help", "sprungbrett")
    answer = get(client, f"/api/v3/teststadt/de/{what}")
    shown = (answer if isinstance(answer, dict) else answer[0])["embedded_offers"]
    assert [one["alias"] for one in shown] == ["help", "sprungbrett"]
    assert shown[0]["post"] == {"zammad-url": "https://zammad.example"}
    assert all(isinstance(one[name], str) for one in shown for name in ("alias", "name", "url", "thumbnail"))


def test_the_imprint_has_what_apps_read(client, city):
    publish_imprint(city, text="<p>Stadt, Weg 1</p>")
    shown = get(client, "/api/v3/teststadt/de/imprint/")
    assert (shown["title"], shown["content"]) == ("Impressum", "<p>Stadt, Weg 1</p>")
    assert (shown["path"], shown["url"]) == ("/teststadt/de/imprint/", f"{SITE}/teststadt/de/imprint/")
    assert datetime.fromisoformat(shown["last_updated"]).tzinfo
    assert shown.keys() >= {"id", "excerpt", "parent", "available_languages", "thumbnail", "hash", "modified_gmt"}
    assert shown["available_languages"].keys() == {"en", "ar"}


@on_one_database
@pytest.mark.parametrize("path", ["imprint", "imprint/", "disclaimer/"])
def test_a_missing_imprint_is_not_found(client, city, path):
    assert get(client, f"/api/v3/teststadt/de/{path}", status=404).keys() == {"error"}


@on_one_database
def test_the_imprint_stands_in_where_it_is_not_translated(client, city):
    publish_imprint(city)
    shown = get(client, "/api/v3/teststadt/ar/imprint/")
    assert (shown["title"], shown["path"]) == ("Impressum", "/teststadt/ar/imprint/")


OLDER = [
    ("/wp-json/extensions/v3/sites/", "/api/v3/regions/"),
    ("/teststadt/de/wp-json/extensions/v3/languages", "/api/v3/teststadt/languages/"),
    ("/teststadt/de/wp-json/extensions/v3/pages", "/api/v3/teststadt/de/pages/"),
    ("/teststadt/de/wp-json/extensions/v3/pages/", "/api/v3/teststadt/de/pages/"),
    ("/teststadt/de/wp-json/extensions/v3/disclaimer", "/api/v3/teststadt/de/imprint/"),
    (
        "/teststadt/de/wp-json/extensions/v3/page?url=/teststadt/de/arbeit",
        "/api/v3/teststadt/de/page/?url=/teststadt/de/arbeit",
    ),
]


@on_one_database
def test_older_apps_find_the_same_in_another_place(client, city):
    plant(city, "Arbeit")
    publish_imprint(city)
    for older, now in OLDER:
        assert get(client, older) == get(client, now)


@on_one_database
@pytest.mark.parametrize("path", ["/teststadt/de/wp-json/extensions/v3/nichts", "/teststadt/de/wp-json/"])
def test_what_never_was_there_is_not_found_for_older_apps_too(client, city, path):
    assert get(client, path, status=404).keys() == {"error"}


RESERVED = ["search", "imprint", "events", "news", "places", "locations", "offers", "disclaimer"]


@on_one_database
def test_addresses_that_apps_use_themselves_are_no_pages(client, city):
    plant(city, "Start")
    for slug in RESERVED:
        assert get(client, f"/api/v3/teststadt/de/children/?url=/teststadt/de/{slug}", status=404).keys() == {"error"}
