"""Locations and contacts in our own API: filters, order, and what is open when."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.factories import make_city
from tests.factories_places import change_location, introduce, settle

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def get(client, what="locations", language="de", *, tenant="teststadt", **query):
    return client.get(f"/api/v1/tenants/{tenant}/{language}/{what}", query_string=query)


def titles(answer):
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json["items"]]


@pytest.fixture
def places(city):
    """Three places from west to east, and one nobody knows the point of."""
    return {
        "west": settle(city, "West", latitude=48.37, longitude=10.80, hours="Mo-Fr 08:00-12:00", categories=["health"]),
        "middle": settle(
            city, "Mitte", latitude=48.37, longitude=10.90, hours='Mo "by appointment"', categories=["advice", "health"]
        ),
        "east": settle(city, "Ost", latitude=48.37, longitude=11.00, hours="24/7", temporarily_closed=True),
        "unknown": settle(city, "Irgendwo"),
    }


def test_a_location_is_described(client, city, places):
    one = get(client, f"locations/{places['middle']}").json
    assert (one["path"], one["kind"], one["delivered_language"]) == ("locations/mitte", "location", "de")
    assert (one["opening_hours"], one["on_map"]) == ('Mo "by appointment"', False)
    assert [category["name"] for category in one["categories"]] == ["Beratung", "Gesundheit"]
    assert one["address"]["country_name"] == "Deutschland"
    assert one.keys() & {"distance_km", "status", "changes_at"} == set()
    assert get(client, "locations/1").status_code == 404


@on_one_database
def test_by_title_or_by_change(client, city, places):
    assert titles(get(client)) == ["Irgendwo", "Mitte", "Ost", "West"]
    change_location(city, places["west"], temporarily_closed=True)
    assert titles(get(client, sort="-changed_at"))[0] == "West"
    assert get(client, sort="farbe").status_code == 422


@on_one_database
def test_nearest_first_with_distance(client, city, places):
    answer = get(client, near="48.37,10.99")
    assert titles(answer) == ["Ost", "Mitte", "West"]
    assert [one["distance_km"] for one in answer.json["items"]] == [0.74, 6.65, 14.04]
    assert titles(get(client, near="48.37,10.99", sort="title")) == ["Mitte", "Ost", "West"]
    assert get(client, near="99,10").status_code == 422


@on_one_database
@pytest.mark.parametrize(
    ("box", "expected"),
    [("10.85,48.3,11.1,48.4", ["Mitte", "Ost"]), ("10.80,48.37,10.80,48.37", ["West"]), ("0,0,1,1", [])],
)
def test_only_what_lies_in_a_box(client, city, places, box, expected):
    assert titles(get(client, bbox=box)) == expected


@on_one_database
@pytest.mark.parametrize("box", ["1,2,3", "11,48,10,49", "0,0,nan,1", "x"])
def test_a_box_that_is_none_is_refused(client, city, box):
    answer = get(client, bbox=box)
    assert (answer.status_code, "bbox" in answer.json["errors"]["query"]) == (422, True)


@on_one_database
def test_only_a_category_be_it_the_main_one_or_not(client, city, places):
    assert titles(get(client, category="health")) == ["Mitte", "West"]
    assert titles(get(client, category="dragons")) == []


@on_one_database
@pytest.mark.parametrize("moment", ["2026-11-23T10:00:00+01:00", "2026-11-23T09:00:00Z"])
def test_what_is_open_at_a_time_and_until_when(client, city, places, moment):
    answer = get(client, open_at=moment)
    assert titles(answer) == ["Mitte", "West"]
    appointment, usual = answer.json["items"]
    assert (appointment["status"], usual["status"]) == ("appointment", "open")
    assert usual["changes_at"] == "2026-11-23T12:00:00+01:00"
    assert titles(get(client, open_at="2026-11-28T10:00:00+01:00")) == []


@on_one_database
@pytest.mark.parametrize("moment", ["bald", "2026-11-23T10:00:00", "2026-11-23", "9999-12-31T23:59:59-12:00"])
def test_a_time_without_offset_is_refused(client, city, moment):
    assert get(client, open_at=moment).status_code == 422


@on_one_database
def test_what_is_open_now_is_right_to_the_minute(client, city, places, time_machine):
    time_machine.move_to(datetime.fromisoformat("2026-11-24T11:59:30+01:00"), tick=False)
    assert titles(get(client, open_at="now")) == ["West"]
    time_machine.move_to(datetime.fromisoformat("2026-11-24T12:00:10+01:00"), tick=False)
    assert titles(get(client, open_at="now", later="1")) == []


@on_one_database
def test_holidays_of_the_state_count(client, database):
    city = make_city(database, "muenster", official_key="09761000")
    settle(city, "Amt", hours="Mo-Fr 08:00-12:00; PH off")
    asked = {"tenant": "muenster", "open_at": "2027-01-06T10:00:00+01:00"}
    assert titles(get(client, **asked)) == []
    assert titles(get(client, **{**asked, "open_at": "2027-01-07T10:00:00+01:00"})) == ["Amt"]


@on_one_database
def test_portions_and_fields(client, city, places):
    first = get(client, limit="2", fields="title").json
    assert [one.keys() for one in first["items"]] == [{"id", "title"}] * 2
    assert titles(get(client, limit="2", cursor=first["cursor"])) == ["Ost", "West"]


def test_categories_are_listed_in_the_language(client, city):
    names = {one["slug"]: one["name"] for one in get(client, "location-categories", "en").json["items"]}
    assert names["advice"] == "Advice"


# --- contacts


def test_contacts_are_listed_by_what_they_do(client, city):
    house = settle(city, "Rathaus")
    introduce(city, "Zentrale", location=house, primary=True, phone="115")
    introduce(city, "Beratung", location=house)
    other = introduce(city, "Anderswo", email="rat@stadt.example")
    assert titles(get(client, "contacts")) == ["Anderswo", "Beratung", "Zentrale"]
    assert titles(get(client, "contacts", location=house)) == ["Zentrale", "Beratung"]
    one = get(client, f"contacts/{other}").json
    assert (one["email"], one["location"], one["primary"], one["path"]) == (
        "rat@stadt.example", None, False, "contacts/anderswo",
    )  # fmt: skip
    assert get(client, "contacts/1").status_code == 404


def test_the_feed_and_the_bundle_carry_places_and_contacts(client, city):
    introduce(city, "Beratung", location=settle(city, "Rathaus"))
    for what in ("changes", "bundle"):
        kinds = {one["kind"] for one in get(client, what).json["items"]}
        assert {"location", "contact"} <= kinds
