"""What a client learns about events, as series and as single occurrences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import recurring_ical_events
import time_machine
from icalendar import Calendar

from tests.factories_entries import found, write
from tests.factories_events import cancel_one, change_one, hold, move_one, move_one_to

NOW = datetime(2026, 10, 20, 10, tzinfo=UTC)
HERE = "/api/v1/tenants/teststadt/de"
on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def get(client, **query):
    answer = client.get(f"{HERE}/events", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def titles(items):
    return [item["title"] for item in items]


@pytest.fixture
def events(city):
    """A course every week, a festival of three days and an evening online."""
    return {
        "course": hold(city, "Kurs", "2026-10-20T18:00", rules=["FREQ=WEEKLY;BYDAY=TU"], categories=["Sprache"]),
        "fest": hold(city, "Fest", "2026-12-04", "2026-12-07", all_day=True, only_weekdays=True),
        "online": hold(city, "Abend", "2026-10-28T19:30", meeting_url="https://meet.example/x"),
    }


def test_events_come_by_their_beginning(client, city, events):
    items = get(client)
    assert titles(items) == ["Kurs", "Abend", "Fest"]
    assert items[1]["starts_at"] == "2026-10-28T19:30:00+01:00"
    assert items[1]["meeting_url"] == "https://meet.example/x"
    assert items[0]["recurrence"]["rules"] == ["FREQ=WEEKLY;BYDAY=TU"]
    assert (items[2]["all_day"], items[2]["only_weekdays"], items[2]["last_ends_at"]) == (
        True,
        True,
        "2026-12-07T00:00:00+01:00",
    )
    assert items[0]["last_ends_at"] is None
    assert items[0]["path"] == "events/kurs"


def test_expanded_events_are_single_dates_with_keys_and_keep_their_hour(client, city, events):
    items = get(client, expand="true", **{"from": "2026-10-20", "to": "2026-11-03"})
    assert [(item["title"], item["starts_at"]) for item in items] == [
        ("Kurs", "2026-10-20T18:00:00+02:00"),
        ("Kurs", "2026-10-27T18:00:00+01:00"),
        ("Abend", "2026-10-28T19:30:00+01:00"),
        ("Kurs", "2026-11-03T18:00:00+01:00"),
    ]
    assert items[1]["key"] == f"{events['course']}-20261027T180000"
    assert len({item["key"] for item in items}) == 4


@on_one_database
def test_without_times_expanded_dates_reach_from_now_31_days_ahead(client, city, events):
    items = get(client, expand="true")
    assert titles(items) == ["Kurs", "Kurs", "Abend", "Kurs", "Kurs", "Kurs"]
    with time_machine.travel(NOW + timedelta(days=7, hours=8)):
        assert get(client, expand="true", limit=99)[0]["starts_at"] == "2026-10-27T18:00:00+01:00"


@on_one_database
def test_a_time_chooses_what_takes_place_then(client, city, events):
    assert titles(get(client, **{"from": "2026-12-05T10:00:00+01:00"})) == ["Kurs", "Fest"]
    assert titles(get(client, **{"from": "2026-10-28", "to": "2026-10-28"})) == ["Abend"]
    assert titles(get(client, to="2026-10-20")) == ["Kurs"]


@on_one_database
def test_moved_and_cancelled_dates_count(client, city, events):
    move_one(city, events["course"], "2026-10-27T18:00", "2026-10-26T09:00", "2026-10-26T10:00")
    cancel_one(city, events["course"], "2026-11-03T18:00")
    items = get(client, expand="true", **{"from": "2026-10-21", "to": "2026-11-11"})
    assert [item["starts_at"][:16] for item in items] == ["2026-10-26T09:00", "2026-10-28T19:30", "2026-11-10T18:00"]
    assert items[0]["key"] == f"{events['course']}-20261027T180000"


@on_one_database
def test_a_date_with_words_and_a_place_of_its_own_says_so_alone(client, city, events):
    change_one(city, events["course"], "2026-10-27T18:00", "Kurs mit Gast", text="<p>Neu.</p>")
    move_one_to(city, events["course"], "2026-11-03T18:00", meeting_url="https://meet.example/y")
    items = get(client, expand="true", category="sprache", **{"from": "2026-10-20", "to": "2026-11-04"})
    assert [(item["title"], item["content"], item["meeting_url"]) for item in items] == [
        ("Kurs", "<p>Guten Tag.</p>", None),
        ("Kurs mit Gast", "<p>Neu.</p>", None),
        ("Kurs", "<p>Guten Tag.</p>", "https://meet.example/y"),
    ]
    assert {item["status"] for item in items} == {"confirmed"}
    assert len({item["path"] for item in items}) == 1
    one, other = client.get(f"{HERE}/events/{events['course']}").json["recurrence"]["occurrences"]
    assert (one["recurrence_id"], one["words"]["title"], one["place"]) == (
        "2026-10-27T18:00:00",
        "Kurs mit Gast",
        None,
    )
    assert (other["words"], other["place"]["meeting_url"]) == (None, "https://meet.example/y")


@on_one_database
def test_cancelled_dates_come_when_they_are_asked_for(client, city, events):
    cancel_one(city, events["course"], "2026-10-27T18:00")
    change_one(city, events["course"], "2026-10-27T18:00", "Kurs fällt aus")
    query = {"expand": "true", "category": "sprache", "from": "2026-10-20", "to": "2026-11-04"}
    assert titles(get(client, **query)) == ["Kurs", "Kurs"]
    items = get(client, cancelled="true", **query)
    assert [(item["title"], item["status"]) for item in items] == [
        ("Kurs", "confirmed"),
        ("Kurs fällt aus", "cancelled"),
        ("Kurs", "confirmed"),
    ]
    assert items[1]["key"] == f"{events['course']}-20261027T180000"


@on_one_database
def test_filters(client, city, events):
    organization = found(city, "Verein")
    hold(city, "Vereinsfest", "2026-11-05T18:00", organization=organization)
    assert titles(get(client, organization=organization)) == ["Vereinsfest"]
    assert titles(get(client, category="SPRACHE")) == ["Kurs"]
    assert titles(get(client, location=1)) == []


@on_one_database
def test_portions_and_single_fields(client, city, events):
    query = {"expand": "true", "from": "2026-10-20", "to": "2026-11-30", "limit": 2, "fields": "title,key"}
    seen, cursor = [], None
    while True:
        answer = client.get(f"{HERE}/events", query_string=query | ({"cursor": cursor} if cursor else {})).json
        seen += answer["items"]
        cursor = answer["cursor"]
        if not answer["more"]:
            break
    assert len(seen) == len({item["key"] for item in seen}) == 7
    assert all(item.keys() == {"id", "title", "key"} for item in seen)


@on_one_database
@pytest.mark.parametrize(
    "query",
    [
        {"from": "soon"},
        {"from": "9999-01-01"},
        {"from": "2026-11-01", "to": "2026-10-01"},
        {"from": "2026-11-01", "to": "2066-10-01", "expand": "true"},
        {"expand": "perhaps"},
        {"organization": "x"},
    ],
)
def test_a_parameter_that_cannot_be_used_is_refused(client, city, query):
    answer = client.get(f"{HERE}/events", query_string=query)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


def test_one_event(client, city, events):
    item = client.get(f"{HERE}/events/{events['fest']}").json
    assert (item["title"], item["ends_at"]) == ("Fest", "2026-12-07T00:00:00+01:00")
    assert "key" not in item
    assert client.get(f"{HERE}/events/1").status_code == 404


@on_one_database
def test_an_arabic_event_has_an_arabic_path(client, city, events):
    write(city, events["fest"], "مهرجان المدينة", language="ar")
    item = client.get(f"/api/v1/tenants/teststadt/ar/events/{events['fest']}").json
    assert item["path"] == "events/مهرجان-المدينة"
    assert item["languages"].keys() == {"de", "ar"}


# --- iCalendar


def calendar(client, address="events.ics", **query):
    answer = client.get(f"{HERE}/{address}", query_string=query)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    return answer, Calendar.from_ical(answer.data)


def dates(parsed, since, until):
    found = recurring_ical_events.of(parsed).between(since, until)
    return sorted((str(one["UID"]), one["DTSTART"].dt.isoformat()) for one in found)


def test_a_subscribed_calendar_has_the_same_dates_as_the_list(client, city, events):
    move_one(city, events["course"], "2026-10-27T18:00", "2026-10-26T09:00", "2026-10-26T10:00")
    cancel_one(city, events["course"], "2026-11-03T18:00")
    hold(
        city,
        "Reihe",
        "2026-10-22T10:00",
        rules=["FREQ=MONTHLY;BYDAY=4TH;UNTIL=20270331"],
        dates=[datetime(2026, 10, 24, 11)],  # noqa: DTZ001 - wall time
        exceptions=[datetime(2026, 11, 26, 10)],  # noqa: DTZ001
    )
    hold(city, "Tage", "2026-10-25", "2026-10-26", all_day=True, rules=["FREQ=DAILY;UNTIL=20261027"])
    answer, parsed = calendar(client)
    since, until = datetime(2026, 10, 20, tzinfo=UTC), datetime(2027, 4, 10, tzinfo=UTC)
    items = get(client, expand="true", limit=1000, **{"from": since.isoformat(), "to": until.isoformat()})
    begins = [(item["id"], item["starts_at"][: 10 if item["all_day"] else None]) for item in items]
    ours = sorted((f"{event}.{city.tenant_id}@cityinfo", begin) for event, begin in begins)
    assert dates(parsed, since, until) == ours
    assert len(ours) > 30
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))


def test_a_calendar_says_what_other_calendars_need(client, city, events):
    write(city, events["course"], "Kurs, Deutsch; für alle", text="<p>Zeile eins</p><p>Zeile zwei, lang</p>")
    answer, parsed = calendar(client)
    assert {one["TZID"] for one in parsed.walk("VTIMEZONE")} == {"Europe/Berlin"}
    assert (parsed["VERSION"], str(parsed["X-WR-TIMEZONE"])) == ("2.0", "Europe/Berlin")
    course = next(one for one in parsed.walk("VEVENT") if str(one["UID"]).startswith(str(events["course"])))
    assert str(course["SUMMARY"]) == "Kurs, Deutsch; für alle"
    assert str(course["DESCRIPTION"]) == "Zeile eins\nZeile zwei, lang"
    assert {"DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "CREATED", "DTSTART", "DTEND", "URL"} <= course.keys()
    assert b"SUMMARY:Kurs\\, Deutsch\\; f" in answer.data
    fest = next(one for one in parsed.walk("VEVENT") if one["SUMMARY"] == "Fest")
    assert b"DTSTART;VALUE=DATE:20261204" in fest.to_ical()
    assert b"DTEND;VALUE=DATE:20261207" in fest.to_ical()


@on_one_database
def test_uid_stays_and_sequence_grows_when_the_time_changes(client, city, events):
    from tests.factories_events import change

    _, before = calendar(client, f"events/{events['online']}.ics")
    change(city, events["online"], "2026-10-29T19:30")
    _, after = calendar(client, f"events/{events['online']}.ics")
    first, second = (parsed.walk("VEVENT")[0] for parsed in (before, after))
    assert first["UID"] == second["UID"]
    assert second["SEQUENCE"] == first["SEQUENCE"] + 1


@on_one_database
def test_a_calendar_of_one_category_organization_or_event(client, city, events):
    organization = found(city, "Verein")
    hold(city, "Vereinsfest", "2026-11-05T18:00", organization=organization)
    for query, expected in (({"organization": organization}, ["Vereinsfest"]), ({"category": "sprache"}, ["Kurs"])):
        assert [str(one["SUMMARY"]) for one in calendar(client, **query)[1].walk("VEVENT")] == expected
    assert len(calendar(client, f"events/{events['fest']}.ics")[1].walk("VEVENT")) == 1
    assert client.get(f"{HERE}/events/1.ics").status_code == 404


@on_one_database
def test_an_unchanged_calendar_is_not_sent_again(client, city, events):
    first, _ = calendar(client)
    with time_machine.travel(NOW + timedelta(hours=3)):
        again = client.get(f"{HERE}/events.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
