"""Finding cities through version 1."""

from __future__ import annotations

import pytest

from cityinfo.features import tenants
from tests.factories import EDITOR, make_city

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

AUGSBURG, MUENCHEN, HAMBURG = (48.37, 10.89), (48.14, 11.58), (53.55, 9.99)


@pytest.fixture
def cities(database):
    """Four cities that are live, one of them without a place, and one that is hidden."""
    for slug, place in (("augsburg", AUGSBURG), ("muenchen", MUENCHEN), ("hamburg", HAMBURG), ("ortlos", (None, None))):
        code = {"augsburg": ["86150", "86199"], "hamburg": ["20095"]}.get(slug, [])
        alias = {"Göggingen": {"latitude": 48.34, "longitude": 10.87}} if slug == "augsburg" else {}
        make_city(database, slug, latitude=place[0], longitude=place[1], postal_codes=code, aliases=alias)
    make_city(database, "versteckt", status=tenants.HIDDEN)


def listed(client, **query):
    answer = client.get("/api/v1/tenants", query_string=query)
    assert answer.status_code == 200, answer.text
    return [tenant["slug"] for tenant in answer.json["items"]]


def test_cities_are_listed_by_name_without_those_that_are_not_live(client, cities):
    assert listed(client) == ["augsburg", "hamburg", "muenchen", "ortlos"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("burg", ["augsburg", "hamburg"]),
        ("STADT ham", ["hamburg"]),
        ("  ham  ", ["hamburg"]),
        ("göggingen", ["augsburg"]),
        ("GÖGG", ["augsburg"]),
        ("versteckt", []),
        ("gibt es nicht", []),
    ],
)
def test_cities_are_found_by_parts_of_names_and_aliases(client, cities, words, expected):
    assert listed(client, q=words) == expected


def test_cities_are_found_by_postal_code(client, cities):
    assert listed(client, postal_code="86199") == ["augsburg"]
    assert listed(client, postal_code="00000") == []


def test_the_nearest_city_comes_first_with_its_distance(client, cities):
    answer = client.get("/api/v1/tenants?near=48.4,10.9").json["items"]
    assert [one["slug"] for one in answer] == ["augsburg", "muenchen", "hamburg"]
    assert answer[0]["distance_km"] == pytest.approx(3.4, abs=0.2)
    assert answer[2]["distance_km"] == pytest.approx(577, abs=5)


@on_one_database
def test_without_a_place_no_distance_is_said(client, cities):
    assert all("distance_km" not in one for one in client.get("/api/v1/tenants").json["items"])


def test_a_long_list_is_read_in_portions(client, cities):
    first = client.get("/api/v1/tenants?limit=3").json
    rest = client.get("/api/v1/tenants", query_string={"limit": 3, "cursor": first["cursor"]}).json
    assert [one["slug"] for one in first["items"] + rest["items"]] == ["augsburg", "hamburg", "muenchen", "ortlos"]
    assert (first["more"], rest["more"], rest["cursor"]) == (True, False, None)


def test_portions_hold_in_the_order_of_nearness_too(client, cities):
    first = client.get("/api/v1/tenants?limit=1&near=53,10").json
    rest = client.get("/api/v1/tenants", query_string={"near": "53,10", "cursor": first["cursor"]}).json
    assert [one["slug"] for one in first["items"] + rest["items"]] == ["hamburg", "augsburg", "muenchen"]


@on_one_database
def test_a_place_in_the_list_that_has_gone_is_said(client, cities):
    answer = client.get("/api/v1/tenants?cursor=versteckt")
    assert (answer.status_code, answer.json["code"]) == (410, "list.gone")


@on_one_database
def test_a_city_is_read_by_its_address(client, database):
    make_city(
        database,
        "musterau",
        name="Musterau",
        prefix="Markt",
        official_key="09999001",
        postal_codes=["00001"],
        aliases={"Vorort": {"latitude": 48.4, "longitude": 10.95}},
        features={"events": True},
    )
    found = client.get("/api/v1/tenants/musterau").json
    assert (found["slug"], found["name"], found["prefix"]) == ("musterau", "Markt Musterau", "Markt")
    assert (found["name_without_prefix"], found["live"], found["official_key"]) == ("Musterau", True, "09999001")
    assert (found["postal_codes"], found["time_zone"]) == (["00001"], "Europe/Berlin")
    assert found["aliases"] == [{"name": "Vorort", "latitude": 48.4, "longitude": 10.95}]
    assert (found["features"]["events"], found["features"]["chat"]) == (True, False)
    directions = {one["slug"]: one["direction"] for one in found["languages"]}
    assert directions == {"de": "ltr", "en": "ltr", "ar": "rtl"}


@on_one_database
def test_a_city_is_the_same_alone_and_in_the_list(client, city):
    assert client.get("/api/v1/tenants").json["items"] == [client.get("/api/v1/tenants/teststadt").json]


@on_one_database
def test_a_hidden_city_is_read_by_its_address_and_not_live(client, cities):
    assert client.get("/api/v1/tenants/versteckt").json["live"] is False


@on_one_database
def test_an_archived_city_is_not_found(client, city):
    with city.write() as db:
        tenants.set_status(db, tenants.ARCHIVED, actor=EDITOR)
    answer = client.get("/api/v1/tenants/teststadt")
    assert (answer.status_code, answer.json["code"]) == (404, "tenant.unknown")
    assert listed(client) == []


@on_one_database
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("near=48.4", "near"),
        ("near=100,10", "near"),
        ("near=a,b", "near"),
        ("near=nan,nan", "near"),
        ("postal_code=861", "postal_code"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=abc", "limit"),
        ("cursor=", "cursor"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(client, city, query, parameter):
    answer = client.get(f"/api/v1/tenants?{query}")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json["errors"]["query"].keys() == {parameter}


@on_one_database
def test_unknown_parameters_do_not_count(client, city):
    assert listed(client, utm_source="x") == ["teststadt"]


def test_an_answer_is_confirmed_cheaply_until_something_changes(client, city):
    tag = client.get("/api/v1/tenants").headers["ETag"]
    assert client.get("/api/v1/tenants", headers={"If-None-Match": tag}).status_code == 304
    with city.write() as db:
        tenants.change(db, tenants.TenantDraft(slug="teststadt", name="Neustadt"), actor=EDITOR)
    assert client.get("/api/v1/tenants", headers={"If-None-Match": tag}).json["items"][0]["name"] == "Neustadt"
