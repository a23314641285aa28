"""A calendar that Apple, Google and Outlook can read: what each is known to need, and what another library reads."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
import time_machine
from icalendar import Calendar, Event

from cityinfo.api.v1.zones import add_zones
from tests import npm
from tests.factories_entries import found
from tests.factories_events import cancel_one, change_one, hold, move_one, move_one_to, wall
from tests.factories_places import settle

NOW = datetime(2026, 10, 20, 10, tzinfo=UTC)
HERE = "/api/v1/tenants/teststadt/de"
on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def text(city, client):
    """A calendar with something of everything that an event can be."""
    fill(city)
    answer = client.get(f"{HERE}/events.ics")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    return answer.text


def fill(city):
    organization = found(city, 'Verein "Brücke"; Chor, e. V.', website="https://verein.example")
    course = hold(
        city,
        "Kurs, Deutsch; für alle: Ärzte & Pflegende – ein sehr langer Titel mit Umlauten, der umbrochen werden muss",
        "2026-10-20T18:00",
        rules=["FREQ=WEEKLY;BYDAY=TU;UNTIL=20270601"],
        exceptions=[wall("2026-11-17T18:00")],
        text="<p>Zeile eins\\n</p><p>Zeile zwei, lang; bis &lt;hier&gt;</p>",
        organization=organization,
        location=settle(city, "Rathaus, Saal"),
        categories=["Sprache", "Kurs, Abend"],
    )
    move_one(city, course, "2026-10-27T18:00", "2026-10-28T19:00", "2026-10-28T20:00")
    change_one(city, course, "2026-10-27T18:00", "Kurs am Mittwoch", text="<p>Verlegt.</p>")
    cancel_one(city, course, "2026-11-03T18:00")
    change_one(city, course, "2026-11-10T18:00", "Kurs fällt aus")
    cancel_one(city, course, "2026-11-10T18:00")
    move_one_to(city, course, "2026-11-24T18:00", meeting_url="https://meet.example/kurs")
    once = hold(city, "Abend", "2026-10-28T19:30", meeting_url="https://meet.example/x")
    move_one(city, once, "2026-10-28T19:30", "2026-10-29T20:00", "2026-10-29T21:00")
    hold(city, "Fest", "2026-12-04", "2026-12-07", all_day=True)
    hold(
        city,
        "Tage",
        "2026-10-25",
        "2026-10-26",
        all_day=True,
        rules=["FREQ=DAILY;UNTIL=20261029"],
        dates=[wall("2026-11-08")],
        exceptions=[wall("2026-10-27")],
    )
    hold(city, "Fern", "2026-11-01T18:00", time_zone="America/New_York", rules=["FREQ=MONTHLY;BYDAY=1SU;COUNT=6"])
    hold(city, "Chile", "2026-11-01T18:00", time_zone="America/Santiago")
    hold(
        city,
        "Welt",
        "2026-11-01T18:00",
        time_zone="UTC",
        rules=["FREQ=DAILY;COUNT=2"],
        dates=[wall("2026-11-02T19:00")],
    )
    hold(city, "Punkt", "2026-11-01T18:00", "2026-11-01T18:00", past=True)


def lines(text):
    """Unfolded."""
    return text.replace("\r\n ", "").split("\r\n")


def parts(text, name="VEVENT"):
    return Calendar.from_ical(text).walk(name)


def has(pattern):
    return lambda text: re.search(pattern, text, re.MULTILINE)


def no_line_is_longer(text):
    return all(len(line) <= 75 for line in text.encode().split(b"\r\n"))


def every_line_ends_in_crlf(text):
    return text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")


def no_character_is_cut(text):
    """What is cut within a character cannot be decoded line by line; the answer's text would hold a replacement."""
    return "\ufffd" not in text and "ä" in text


def every_part_has(*names):
    return lambda text: all(name in one for one in parts(text) for name in names)


def no_time_floats(text):
    stamped = [one for one in lines(events_only(text)) if re.match(r"(DT|RDATE|EXDATE|RECURRENCE-ID)", one)]
    return stamped and all(re.search(r"(;TZID=[\w/]+:|;VALUE=DATE:|Z(,|$))", one) for one in stamped)


def events_only(text):
    return text[text.index("BEGIN:VEVENT") :]


def every_zone_is_there_once_and_before_it_is_used(text):
    named = set(re.findall(r";TZID=([\w/]+):", text))
    told = re.findall(r"^TZID:([\w/]+)\r$", text, re.MULTILINE)
    return len(named) > 2 and sorted(told) == sorted(named) and text.rindex("END:VTIMEZONE") < text.index("VEVENT")


def usual_zones_have_a_rule_for_each_change(text):
    (berlin,) = (one for one in parts(text, "VTIMEZONE") if one["TZID"] == "Europe/Berlin")
    rules = [line for line in lines(berlin.to_ical().decode()) if line.startswith("RRULE")]
    return rules == ["RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"]


def a_repeated_part_has_one_beginning_that_its_rule_describes(text):
    repeated = [one for one in parts(text) if "RRULE" in one]
    return repeated and not any("RECURRENCE-ID" in one or isinstance(one["RRULE"], list) for one in repeated)


def until_is_in_utc_or_a_day(text):
    ends = re.findall(r"^RRULE:.*UNTIL=(\w+)", events_only(text), re.MULTILINE)
    return sorted(ends) == ["20261029", "20270601T215959Z"]


def the_end_of_whole_days_is_the_day_after(text):
    (fest,) = (one for one in parts(text) if one["SUMMARY"] == "Fest")
    return (str(fest["DTSTART"].dt), str(fest["DTEND"].dt)) == ("2026-12-04", "2026-12-07")


def one_that_differs_has_the_identity_and_count_of_its_series(text):
    by_uid = {}
    for one in parts(text):
        by_uid.setdefault(str(one["UID"]), []).append(one)
    series = max(by_uid.values(), key=len)
    return len(series) == 4 and len({one["SEQUENCE"] for one in series}) == 1


def uids_are_short_and_each_occurrence_stands_once(text):
    keys = [(str(one["UID"]), str(one.get("RECURRENCE-ID") and one["RECURRENCE-ID"].dt)) for one in parts(text)]
    return len(set(keys)) == len(keys) and all(len(uid) < 255 for uid, _ in keys)


def what_ends_when_it_begins_has_no_end(text):
    return all(one["DTEND"].dt > one["DTSTART"].dt for one in parts(text) if "DTEND" in one)


ALL = "Apple, Google, Outlook"
# Who needs it → what it is, by which source → whether the calendar is like that.
NEEDS = [
    (ALL, "lines end in CRLF (RFC 5545, 3.1)", every_line_ends_in_crlf),
    (ALL, "no line is longer than 75 octets (RFC 5545, 3.1)", no_line_is_longer),
    (ALL, "a line is never cut within a character", no_character_is_cut),
    (ALL, "VERSION and PRODID (RFC 5545, 3.6)", has(r"^VERSION:2\.0\r\nPRODID:-//")),
    (ALL, "METHOD:PUBLISH, or Outlook asks for an answer (RFC 5546, 3.2.1)", has(r"^METHOD:PUBLISH\r$")),
    (ALL, "what is published has an organizer (RFC 5546, 3.2.1)", every_part_has("ORGANIZER")),
    (ALL, "UID, DTSTAMP, SEQUENCE in every part", every_part_has("UID", "DTSTAMP", "SEQUENCE", "LAST-MODIFIED")),
    (ALL, "texts are escaped (RFC 5545, 3.3.11)", has(r"^SUMMARY:Kurs\\, Deutsch\\; für alle: Ärzte")),
    (ALL, "a comma in a category does not make two", has(r"^CATEGORIES:Kurs\\, Abend,Sprache\r$")),
    (ALL, "no time floats", no_time_floats),
    (ALL, "every zone is in the file, before its use", every_zone_is_there_once_and_before_it_is_used),
    (ALL, "UNTIL in UTC, of whole days a day (RFC 5545, 3.3.10)", until_is_in_utc_or_a_day),
    (ALL, "whole days end on the day after (RFC 5545, 3.6.1)", the_end_of_whole_days_is_the_day_after),
    (ALL, "an end is later than its beginning (RFC 5545, 3.8.2.2)", what_ends_when_it_begins_has_no_end),
    (ALL, "dates left out are as their series: of days a day", has(r"^EXDATE;VALUE=DATE:20261027\r$")),
    (ALL, "one that differs counts as its series", one_that_differs_has_the_identity_and_count_of_its_series),
    ("Apple", "X-WR-CALNAME names the subscription", has(r"^X-WR-CALNAME:Stadt Teststadt\r$")),
    ("Apple", "REFRESH-INTERVAL (RFC 7986)", has(r"^REFRESH-INTERVAL;VALUE=DURATION:PT4H\r$")),
    ("Apple", "an online meeting is offered to join by its URL", has(r"^URL:https://meet\.example/x\r$")),
    ("Google", "X-WR-TIMEZONE is the zone of the calendar", has(r"^X-WR-TIMEZONE:Europe/Berlin\r$")),
    ("Google", "each UID and RECURRENCE-ID once", uids_are_short_and_each_occurrence_stands_once),
    ("Google", "cancelled with words: STATUS in a part of its own", has(r"^STATUS:CANCELLED\r$")),
    ("Outlook", "X-PUBLISHED-TTL instead of REFRESH-INTERVAL", has(r"^X-PUBLISHED-TTL:PT4H\r$")),
    ("Outlook", "zones by a rule, not by dates", usual_zones_have_a_rule_for_each_change),
    ("Outlook", "one RRULE at most (MS-OXCICAL)", a_repeated_part_has_one_beginning_that_its_rule_describes),
    ("Outlook", "HTML in X-ALT-DESC beside DESCRIPTION", has(r"^X-ALT-DESC;FMTTYPE=text/html:<p>Zeile eins")),
    ("Outlook", "cancelled without words: EXDATE", has(r"^EXDATE;TZID=Europe/Berlin:20261103T180000,20261117T180000")),
]


@on_one_database
def test_a_calendar_is_as_apple_google_and_outlook_need_it(text):
    unfolded = "\r\n".join(lines(text))
    as_sent = (every_line_ends_in_crlf, no_line_is_longer, no_character_is_cut)
    missing = [(who, what) for who, what, test in NEEDS if not test(text if test in as_sent else unfolded)]
    assert missing == []


@on_one_database
def test_single_dates_have_words_and_places_of_their_own(city, client, text):
    (evening,) = (one for one in parts(text) if one["SUMMARY"] == "Abend")
    assert (evening["DTSTART"].dt.isoformat(), "RECURRENCE-ID" in evening) == ("2026-10-29T20:00:00+01:00", False)
    by_start = {one["RECURRENCE-ID"].dt.date().isoformat(): one for one in parts(text) if "RECURRENCE-ID" in one}
    assert by_start.keys() == {"2026-10-27", "2026-11-10", "2026-11-24"}
    moved, gone, online = (by_start[day] for day in sorted(by_start))
    assert (str(moved["SUMMARY"]), str(moved["DESCRIPTION"])) == ("Kurs am Mittwoch", "Verlegt.")
    assert (str(gone["SUMMARY"]), str(gone["STATUS"])) == ("Kurs fällt aus", "CANCELLED")
    assert (str(online["LOCATION"]), str(online["URL"])) == ("https://meet.example/kurs",) * 2
    of_category = client.get(f"{HERE}/events.ics", query_string={"category": "sprache"}).text
    assert "X-WR-CALNAME:Stadt Teststadt – sprache\r\n" in of_category


def test_a_zone_in_a_calendar_tells_the_same_time_as_the_zone_itself_in_summer_and_in_winter():
    for name in sorted(available_timezones() - {"localtime", "Factory"})[::25]:
        calendar, moments = Calendar(), [datetime(2041, month, 15, 12, tzinfo=ZoneInfo(name)) for month in (1, 7)]
        for moment in moments:
            event = Event()
            event.add("dtstart", moment)
            calendar.add_component(event)
        add_zones(calendar)
        for zone in calendar.timezones:
            known = zone.to_tz(lookup_tzid=False)
            if "X-LIC-LOCATION" in zone:  # the others follow no rule for good
                assert [moment.replace(tzinfo=known).utcoffset() for moment in moments] == [
                    moment.utcoffset() for moment in moments
                ], name


# --- a second library, Mozilla's, which Thunderbird reads calendars with

SCRIPT = """
const ICAL = require('ical.js')
const { text, until } = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const calendar = new ICAL.Component(ICAL.parse(text))
for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)
const all = calendar.getAllSubcomponents('vevent').map(one => new ICAL.Event(one))
const differing = all.filter(one => one.isRecurrenceException())
const answer = []
const tell = (uid, start, event) => {
  if (event.component.getFirstPropertyValue('status') !== 'CANCELLED')
    answer.push([uid, start.isDate ? start.toString() : start.toJSDate().toISOString(), event.summary])
}
for (const event of all.filter(one => !one.isRecurrenceException())) {
  differing.filter(one => one.uid === event.uid).forEach(one => event.relateException(one))
  if (!event.isRecurring()) { tell(event.uid, event.startDate, event); continue }
  const dates = event.iterator()
  for (let next = dates.next(); next && next.toJSDate() < new Date(until); next = dates.next()) {
    const details = event.getOccurrenceDetails(next)
    tell(event.uid, details.startDate, details.item)
  }
}
console.log(JSON.stringify(answer))
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return npm.install(tmp_path_factory.mktemp("ical"), "ical.js@2.2.1")


@pytest.mark.slow
@on_one_database
def test_another_library_finds_the_same_dates_and_words(city, client, text, library):
    until = datetime(2027, 4, 1, tzinfo=UTC)
    theirs = npm.ask(library, SCRIPT, json.dumps({"text": text, "until": until.isoformat()}))
    items = client.get(
        f"{HERE}/events",
        query_string={"expand": "true", "limit": 1000, "from": NOW.isoformat(), "to": until.isoformat()},
    ).json["items"]
    ours = sorted((f"{item['id']}.{city.tenant_id}@cityinfo", _begin(item), item["title"]) for item in items)
    assert sorted(map(tuple, theirs)) == ours
    assert len(ours) > 30


def _begin(item):
    if item["all_day"]:
        return item["starts_at"][:10]
    moment = datetime.fromisoformat(item["starts_at"]).astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
