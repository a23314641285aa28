"""What an Integreat app learns about events, as the reference of version 3 describes it, field by field."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from dateutil.rrule import rrulestr

from cityinfo.features import content, events
from cityinfo.features.media import KIND as MEDIA
from cityinfo.features.media import MediaFile
from tests.factories import EDITOR
from tests.factories_entries import write
from tests.factories_events import cancel_one, hold, move_one, wall
from tests.factories_places import settle

NOW = datetime(2026, 10, 20, 10, tzinfo=UTC)
SITE = "http://127.0.0.1:8000"
on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
FIELDS = {
    "id": int,
    "url": str,
    "path": str,
    "title": str,
    "modified_gmt": str,
    "last_updated": str,
    "excerpt": str,
    "content": str,
    "available_languages": dict,
    "thumbnail": str | None,
    "location": dict,
    "location_path": str | None,
    "meeting_url": str | None,
    "event": dict,
    "featured_image": dict | None,
    "hash": None | str,
    "recurrence_rule": str | None,
}
TIMES = {
    "id": int,
    "start": str,
    "start_date": str,
    "start_time": str,
    "end": str,
    "end_date": str,
    "end_time": str,
    "all_day": bool,
    "only_weekdays": bool,
    "recurrence_id": int | None,
    "timezone": str,
}
PLACE = {"id", "name", "address", "town", "state", "postcode", "region", "country", "latitude", "longitude"}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def get(client, language="de", *, combined=True, end="/", **query):
    query |= {"combine_recurring": "True"} if combined else {}
    answer = client.get(f"/api/v3/teststadt/{language}/events{end}", query_string=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.json


@pytest.fixture
def course(city):
    return hold(city, "Sprachcafé", "2026-10-20T18:00", rules=["FREQ=WEEKLY;BYDAY=TU;UNTIL=20270220"])


@pytest.fixture
def fest(city):
    return hold(city, "Stadtfest", "2026-12-02", "2026-12-05", all_day=True, only_weekdays=True)


def test_an_event_has_every_field_in_its_type(client, city, course, fest):
    hold(city, "Online", "2026-11-23T09:30", meeting_url="https://meet.example/raum")
    for item in get(client):
        assert item.keys() == FIELDS.keys()
        assert [name for name, kind in FIELDS.items() if not isinstance(item[name], kind)] == []
        assert item["event"].keys() == TIMES.keys()
        assert [name for name, kind in TIMES.items() if not isinstance(item["event"][name], kind)] == []
        assert item["location"].keys() == PLACE
        for moment in (item["last_updated"], item["event"]["start"], item["event"]["end"]):
            assert datetime.fromisoformat(moment).utcoffset() is not None
            assert "T" in moment


def test_an_event_says_where_it_is_and_when(client, city, course):
    (item,) = get(client)
    assert item["path"] == "/teststadt/de/events/sprachcafé/"
    assert item["url"] == f"{SITE}{item['path']}"
    times = item["event"]
    assert (times["start"], times["start_date"], times["start_time"]) == (
        "2026-10-20T18:00:00+02:00",
        "2026-10-20",
        "18:00:00",
    )
    assert (times["end"], times["end_date"], times["end_time"]) == (
        "2026-10-20T20:00:00+02:00",
        "2026-10-20",
        "20:00:00",
    )
    assert (times["timezone"], times["recurrence_id"]) == ("Europe/Berlin", course)
    assert item["content"] == "<p>Guten Tag.</p>"
    assert item["excerpt"] == "Guten Tag."


@on_one_database
def test_all_day_is_from_midnight_to_one_minute_before(client, city, fest):
    times = get(client)[0]["event"]
    assert (times["start"], times["end"]) == ("2026-12-02T00:00:00+01:00", "2026-12-04T23:59:00+01:00")
    assert (times["end_date"], times["end_time"], times["all_day"], times["only_weekdays"]) == (
        "2026-12-04",
        "23:59:00",
        True,
        True,
    )
    assert times["recurrence_id"] is None


@on_one_database
def test_without_a_place_the_object_holds_null_and_never_is_null(client, city, fest):
    item = get(client)[0]
    assert item["location"] == dict.fromkeys(PLACE)
    assert (item["location_path"], item["meeting_url"], item["thumbnail"], item["featured_image"]) == (None,) * 4


@on_one_database
def test_a_place_has_a_name_and_a_number(client, city):
    place = settle(city, "Begegnungszentrum")
    hold(city, "Fest", "2026-12-02T18:00", location=place)
    location = get(client)[0]["location"]
    assert (location["id"], location["name"], location["town"]) == (place, "Begegnungszentrum", "Augsburg")


@on_one_database
def test_a_picture_comes_in_four_sizes_that_are_never_empty(client, city):
    copies = [{"key": f"copy{width}", "type": "image/webp", "width": width, "height": width} for width in (320, 800)]
    with city.write() as db:
        picture = content.create_entry(db, MEDIA)
        db.add(
            MediaFile(
                id=picture.id,
                folder="",
                name="x.jpg",
                sought="x",
                key="original",
                type="image/jpeg",
                size=1,
                width=2000,
                height=1000,
                focal_x=0.5,
                focal_y=0.5,
                renditions={"items": copies},
            )
        )
    write(city, picture.id, "Ein Bild")
    hold(city, "Fest", "2026-12-02T18:00", picture=picture.id)
    item = get(client)[0]
    image = item["featured_image"]
    assert item["thumbnail"] == f"{SITE}/media/original"
    assert (image["description"], image["mimetype"]) == ("Ein Bild", "image/jpeg")
    widths = {name: [one["width"] for one in image[name]] for name in ("thumbnail", "medium", "large", "full")}
    assert widths == {"thumbnail": [320], "medium": [320], "large": [2000], "full": [2000]}
    assert image["full"][0] == {"url": f"{SITE}/media/original", "width": 2000, "height": 1000}


def test_the_rule_begins_in_utc_and_keeps_the_hour_when_clocks_change(client, city, course):
    rule = get(client)[0]["recurrence_rule"]
    assert rule == "DTSTART:20261020T160000\nRRULE:FREQ=WEEKLY;UNTIL=20270220T225959;BYDAY=TU"
    dates = as_the_app_repeats(rule, ZoneInfo("Europe/Berlin"))
    assert [one.hour for one in dates[:3]] == [18, 18, 18]
    assert dates[-1] == wall("2027-02-16T18:00")


def as_the_app_repeats(rule, zone):
    """The visitor's offset is added to the beginning; from there it goes on in wall time."""
    begin, repeat = rule.split("\n")
    first = datetime.strptime(begin, "DTSTART:%Y%m%dT%H%M%S").replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return list(rrulestr(repeat, dtstart=first)[:400])


RULES = {
    "FREQ=DAILY;INTERVAL=3;UNTIL=20261231": "FREQ=DAILY;INTERVAL=3;UNTIL=20261231T225959",
    "FREQ=WEEKLY;UNTIL=20261210T090000": "FREQ=WEEKLY;UNTIL=20261208T225959",
    "FREQ=WEEKLY;COUNT=3": "FREQ=WEEKLY;UNTIL=20261103T225959",
    "FREQ=WEEKLY;BYDAY=TU,TH": "FREQ=WEEKLY;BYDAY=TU,TH",
    "FREQ=MONTHLY;BYDAY=3TU": "FREQ=MONTHLY;BYDAY=+3TU",
    "FREQ=MONTHLY;BYMONTHDAY=20": "FREQ=MONTHLY;BYMONTHDAY=20",
    "FREQ=YEARLY": "FREQ=YEARLY",
}


@on_one_database
def test_rules_are_written_as_apps_read_them(client, city):
    for number, rule in enumerate(RULES):
        hold(city, f"Kurs {number}", "2026-10-20T18:00", rules=[rule])
    found = [item["recurrence_rule"] for item in get(client)]
    assert [one.split("\nRRULE:")[1] for one in found] == list(RULES.values())
    assert all(re.fullmatch(r"DTSTART:\d{8}T\d{6}\nRRULE:[A-Z0-9=;,+-]+", one) for one in found)


@on_one_database
def test_what_one_rule_cannot_say_comes_date_by_date(client, city):
    moved = hold(city, "Verlegt", "2026-10-20T18:00", rules=["FREQ=WEEKLY"])
    move_one(city, moved, "2026-10-27T18:00", "2026-10-28T19:00", "2026-10-28T20:00")
    cancel_one(city, moved, "2026-11-03T18:00")
    hold(city, "Dazu", "2026-10-21T18:00", dates=[wall("2026-10-22T10:00"), wall("2026-10-22T12:00")])
    hold(city, "Zwei", "2026-10-22T09:00", rules=["FREQ=YEARLY", "FREQ=MONTHLY"])
    items = get(client)
    assert {item["recurrence_rule"] for item in items} == {None}
    assert {item["id"] for item in items} == {None}
    assert [(item["path"].split("/")[4], item["event"]["start"][:16]) for item in items] == [
        ("verlegt$2026-10-20", "2026-10-20T18:00"),
        ("dazu$2026-10-21", "2026-10-21T18:00"),
        ("zwei$2026-10-22", "2026-10-22T09:00"),
        ("dazu$2026-10-22-1000", "2026-10-22T10:00"),
        ("dazu$2026-10-22-1200", "2026-10-22T12:00"),
        ("verlegt$2026-10-27", "2026-10-28T19:00"),
        ("verlegt$2026-11-10", "2026-11-10T18:00"),
        ("verlegt$2026-11-17", "2026-11-17T18:00"),
    ]


def test_without_combining_every_date_of_31_days_is_an_event(client, city, course, fest):
    items = get(client, combined=False)
    assert [item["path"].split("/")[4] for item in items] == [
        "sprachcafé$2026-10-20",
        "sprachcafé$2026-10-27",
        "sprachcafé$2026-11-03",
        "sprachcafé$2026-11-10",
        "sprachcafé$2026-11-17",
        "stadtfest",
    ]
    assert items[1]["event"]["start"] == "2026-10-27T18:00:00+01:00"
    assert (items[1]["id"], items[1]["event"]["id"], items[1]["recurrence_rule"]) == (None, None, None)
    assert items[1]["url"] == f"{SITE}/teststadt/de/events/sprachcafé$2026-10-27/"


@on_one_database
def test_a_date_that_is_over_is_not_there(client, city, course):
    with time_machine.travel(NOW + timedelta(days=1)):
        assert get(client, combined=False)[0]["path"].endswith("$2026-10-27/")


@on_one_database
def test_both_forms_of_the_address_and_unknown_parameters(client, city, course):
    assert get(client, end="") == get(client, utm="x") == get(client)


def test_an_arabic_event_has_an_arabic_path_also_for_single_dates(client, city, course):
    write(city, course, "مقهى اللغة", language="ar")
    assert get(client, "ar")[0]["path"] == "/teststadt/ar/events/مقهى-اللغة/"
    (arabic,) = {item["available_languages"]["ar"]["path"] for item in get(client)}
    assert arabic == "/teststadt/ar/events/مقهى-اللغة/"
    single = get(client, combined=False)[1]["available_languages"]["ar"]
    assert single["path"] == "/teststadt/ar/events/مقهى-اللغة$2026-10-27/"
    assert get(client, "en") == []


@on_one_database
def test_texts_are_never_null_and_moments_have_offsets(client, city):
    hold(city, "Leer", "2026-12-02T18:00", text="")
    item = get(client)[0]
    assert (item["content"], item["excerpt"]) == ("", "")
    assert (item["last_updated"], item["modified_gmt"]) == ("2026-10-20T12:00:00+02:00", "2026-10-20T10:00:00Z")


def test_an_unknown_region_or_language_is_not_found(client, city):
    for address in ("nirgendwo/de", "teststadt/fr"):
        answer = client.get(f"/api/v3/{address}/events/")
        assert (answer.status_code, answer.json.keys()) == (404, {"error"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@on_one_database
def test_imported_numbers_are_kept(client, city):
    with city.write() as db:
        from tests.factories_events import facts

        event = events.create(db, facts("2026-12-02T18:00"), v3_id=700, actor=EDITOR)
    write(city, event.id, "Fest")
    assert get(client)[0]["event"]["id"] == 700
