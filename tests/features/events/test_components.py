"""What calendars of Google, Outlook and Apple say."""

from __future__ import annotations

import pytest

from cityinfo.features.events import read_calendar
from cityinfo.kernel.errors import Invalid
from tests.factories_events import wall
from tests.features.events.calendars import APPLE, BROKEN, GOOGLE, OUTLOOK, calendar


def read(text, **more):
    return read_calendar(text.encode(), zone="Europe/Berlin", **more)


def test_google():
    found = read(GOOGLE)
    assert found.rejected == []
    cafe = found.found["cafe@google.com"]
    assert (cafe.sequence, cafe.title, cafe.place) == (3, "Sprachcafé", "Begegnungszentrum, Musterweg 1")
    assert cafe.facts.rules == ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270223T235959",)
    assert cafe.facts.exceptions == (wall("2026-12-22T18:00"), wall("2026-12-29T18:00"))
    assert cafe.overrides == ((wall("2026-12-01T18:00"), (wall("2026-12-02T19:00"), wall("2026-12-02T21:00"))),)
    assert [(one.original, one.title, one.content) for one in cafe.occurrences] == [
        (wall("2026-12-01T18:00"), "Sprachcafé (verlegt)", cafe.content)
    ]
    assert cafe.facts.categories == ("Sprache", "Treffen")
    assert cafe.content == ('Gemeinsam <b>Deutsch</b> sprechen.<br><a href="https://cafe.example">Mehr</a>')
    advice = found.found["utc@google.com"].facts
    assert (advice.starts, advice.time_zone) == (wall("2026-11-30T18:30"), "Europe/Berlin")
    fest = found.found["fest@google.com"].facts
    assert (fest.all_day, fest.starts, fest.ends) == (True, wall("2026-12-05"), wall("2026-12-07"))


def test_outlook():
    found = read(OUTLOOK)
    evening = found.found["040000008200E00074C5B7101A82E008"]
    assert (evening.facts.time_zone, evening.facts.starts) == ("Europe/Berlin", wall("2027-03-25T19:30"))
    assert evening.facts.exceptions == (wall("2027-04-01T19:30"),)
    assert evening.content == '<p dir="LTR">Bitte <b>Stift</b> mitbringen.</p>'
    holiday = found.found["040000008200E00074C5B7101A82E009"].facts
    assert (holiday.all_day, holiday.starts, holiday.ends) == (True, wall("2027-04-01"), wall("2027-04-02"))
    assert [(one.title, one.reason) for one in found.rejected] == [
        ("Arzttermin", "It is marked as private in the calendar.")
    ]


def test_apple():
    found = read(APPLE)
    assert found.rejected == []
    assert found.found.keys() == {"A1", "A2", "A3", "A4"}
    training, trip, online, short = (found.found[uid] for uid in ("A1", "A2", "A3", "A4"))
    assert (training.facts.starts, training.facts.ends) == (wall("2026-11-28T10:00"), wall("2026-11-28T11:30"))
    assert training.content == "<p>Zeilen<br>und &lt;spitze&gt; Klammern &amp; mehr</p>"
    assert (trip.facts.all_day, trip.facts.ends) == (True, wall("2026-11-30"))
    assert (online.facts.meeting_url, online.place) == ("https://meet.example/raum", "")
    assert (online.facts.time_zone, online.facts.dates) == ("Europe/Berlin", (wall("2026-12-12T18:00"),))
    assert short.facts.ends == short.facts.starts


def test_what_cannot_be_taken_over_is_named_with_a_sentence_and_the_rest_is():
    found = read(BROKEN)
    assert found.found.keys() == {"good", "series", "series/20261129T100000"}
    reasons = {(one.uid, one.title): one.reason for one in found.rejected}
    assert reasons.keys() == {
        ("no-title", ""),
        ("", "Ohne UID"),
        ("no-start", "Ohne Beginn"),
        ("bad-start", "Unsinn"),
        ("bad-rule", "Ständig"),
        ("bad-zone", "Mars"),
        ("backwards", "Rückwärts"),
        ("series", "Nie"),
    }
    assert all(reason.endswith(".") for reason in reasons.values())


@pytest.mark.parametrize(
    "wrong", ["RECURRENCE-ID:soon", "RECURRENCE-ID;RANGE=THISANDFUTURE:soon", "RECURRENCE-ID:20261128\nRECURRENCE-ID:1"]
)
def test_a_date_of_a_series_that_cannot_be_read_is_named_and_the_rest_is_taken(wrong):
    start = "DTSTART:20261128T100000Z\n"
    series = f"BEGIN:VEVENT\nUID:1\nSUMMARY:Chor\n{start}RRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n"
    found = read(calendar(series, f"BEGIN:VEVENT\nUID:1\nSUMMARY:Nie\n{start}{wrong}\nEND:VEVENT\n"))
    assert (found.found.keys(), [one.title for one in found.rejected]) == ({"1"}, ["Nie"])


def test_only_a_category():
    assert read(GOOGLE, category="sprache").found.keys() == {"cafe@google.com"}


@pytest.mark.parametrize("text", ["", "<html>", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", "BEGIN:VEVENT\nEND:VEVENT\n"])
def test_what_is_no_calendar_is_refused(text):
    with pytest.raises(Invalid):
        read(text)
