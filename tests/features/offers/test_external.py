"""Offers of other systems: a city switches them on, pages show them."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from cityinfo import registry
from cityinfo.features import offers, pages, publishing, tenants
from cityinfo.features.offers import External
from cityinfo.features.offers.rules import as_apps_expect
from cityinfo.kernel.errors import Invalid
from tests.factories import EDITOR, make_city, plant
from tests.factories_offers import embed, switch_on

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
ON = {"offers": True}
TEMPLATE = External(alias="jobs", name="Jobs", url="https://jobs.example/?plz=", thumbnail="https://jobs.example/a.svg")


@pytest.fixture
def city(database):
    return make_city(database, "teststadt", postal_codes=["86150", "86199"])


def shown(city, page_id):
    with city.read() as db:
        rows = publishing.payloads_of(db, "de", pages.KIND, [page_id])
    return orjson.loads(rows[0])["offers"]


@pytest.mark.parametrize(
    ("how", "url", "post"),
    [
        ("none", "https://jobs.example/?plz=", None),
        ("get", "https://jobs.example/?plz=86150", None),
        ("post", "https://jobs.example/?plz=", {"search-plz": "86150"}),
    ],
)
def test_the_postal_code_is_handed_over_as_the_template_says(how, url, post):
    given = as_apps_expect(replace(TEMPLATE, postal_code=how), "", "86150")
    assert (given["url"], given["post"]) == (url, post)


def test_a_page_shows_the_offers_it_is_given_with_the_citys_postal_code(city):
    page = plant(city, "Arbeit")
    switch_on(city, "sprungbrett", "wohnraumboerse", help="https://zammad.example")
    embed(city, page, "help", "sprungbrett")
    first, second = shown(city, page)
    assert (first["alias"], first["post"]) == ("help", {"zammad-url": "https://zammad.example"})
    assert (second["alias"], second["url"]) == ("sprungbrett", "https://sprungbrett.example.org/jobs?location=86150")


def test_pages_follow_when_the_city_switches_off_or_gets_another_postal_code(city):
    page = plant(city, "Arbeit")
    switch_on(city, "sprungbrett")
    embed(city, page, "sprungbrett")
    with city.write() as db:
        draft = tenants.TenantDraft(slug="teststadt", name="Teststadt", postal_codes=["10115"], features=ON)
        tenants.change(db, draft, actor=EDITOR)
    assert shown(city, page)[0]["url"].endswith("=10115")
    switch_on(city, "wohnraumboerse")
    assert shown(city, page) == []
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
def test_a_page_shows_only_what_is_switched_on(city):
    page = plant(city, "Arbeit")
    with pytest.raises(Invalid, match="not switched on"):
        embed(city, page, "sprungbrett")


@on_one_database
@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"gibtsnicht": ""}, "no offer of another system"),
        ({"help": ""}, "needs a web address"),
        ({"help": "zammad"}, "needs a web address"),
        ({"sprungbrett": "https://x.example"}, "has its own address"),
    ],
)
def test_what_cannot_be_switched_on_is_refused(city, wanted, sentence):
    with pytest.raises(Invalid, match=sentence):
        switch_on(city, **wanted)


@on_one_database
def test_a_city_without_postal_code_is_told_to_get_one(other_city):
    with pytest.raises(Invalid, match="postal code"):
        switch_on(other_city, "sprungbrett")


@on_one_database
def test_templates_are_what_apps_can_open(city):
    switch_on(city, "terminbuchung", "wohnraumboerse", "lehrstellen-radar", "sprungbrett")
    with city.read() as db:
        for given in offers.switched_on(db).values():
            assert given.keys() == {"alias", "name", "url", "thumbnail", "post"}
            assert given["url"].startswith("https://")
            assert given["thumbnail"].startswith("https://")
