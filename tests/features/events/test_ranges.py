"""Calendars that change a series from one date on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cityinfo.features.events import EventFacts, read_calendar
from cityinfo.features.events.ranges import before, rest, series_of_facts
from cityinfo.features.events.rules import normal_rule
from cityinfo.kernel.errors import Invalid
from tests.factories_events import wall
from tests.features.events.calendars import calendar, one
from tests.features.events.test_recurrence import rules

BERLIN = "Europe/Berlin"
FROM, TO = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def read(*parts):
    return read_calendar(calendar(*parts).encode(), zone=BERLIN)


def ours(found):
    """Every date of the file until spring, by title."""
    until = datetime(2027, 2, 1, tzinfo=UTC)
    dates = [
        (occurrence.starts.isoformat()[:16], component.title)
        for component in found.found.values()
        for occurrence in series_of_facts(component.facts).occurrences(FROM, until)
    ]
    return sorted(dates)


def from_on(day, more, *, at="180000"):
    """From the date of that day on, it is like this."""
    return f"BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:{day}T{at}\n{more}END:VEVENT\n"


def times(day, hour):
    return f"DTSTART;TZID=Europe/Berlin:{day}T{hour}0000\nDTEND;TZID=Europe/Berlin:{day}T{hour + 1}0000\n"


def test_from_a_date_on_an_evening_begins_later_and_is_called_otherwise():
    series = one("1", "Chor", "20261201", more="RRULE:FREQ=WEEKLY;COUNT=5\n")
    found = read(series, from_on("20261215", f"SUMMARY:Chor im Saal\n{times('20261215', 19)}"))
    assert found.rejected == []
    assert found.found.keys() == {"1", "1/20261215T180000"}
    assert ours(found) == [
        ("2026-12-01T18:00", "Chor"),
        ("2026-12-08T18:00", "Chor"),
        ("2026-12-15T19:00", "Chor im Saal"),
        ("2026-12-22T19:00", "Chor im Saal"),
        ("2026-12-29T19:00", "Chor im Saal"),
    ]


def test_another_weekday_from_a_date_on():
    series = one("1", "Chor", "20261201", more="RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;UNTIL=20270117T170000Z\n")
    found = read(series, from_on("20261215", f"SUMMARY:Chor\n{times('20261216', 18)}"))
    assert [day[5:10] for day, _ in ours(found)] == [
        *("12-01", "12-06"),
        *("12-16", "12-21", "12-30", "01-04", "01-13", "01-18"),
    ]
    assert found.found["1/20261215T180000"].facts.rules[0] == (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,MO;UNTIL=20270118T180000;WKST=TU"
    )


def test_what_no_rule_says_is_listed_date_by_date():
    series = one("1", "Rat", "20261201", more="RRULE:FREQ=MONTHLY;BYDAY=1TU\n")
    found = read(series, from_on("20270105", f"SUMMARY:Rat\n{times('20270106', 18)}"))
    tail = found.found["1/20270105T180000"].facts
    assert (tail.rules, tail.starts) == ((), wall("2027-01-06T18:00"))
    assert tail.dates[:2] == (wall("2027-02-03T18:00"), wall("2027-03-03T18:00"))
    assert len(tail.dates) > 100


def test_a_second_change_and_single_dates_in_what_was_moved():
    series = one("1", "Chor", "20261201", more="RRULE:FREQ=WEEKLY;COUNT=6\nEXDATE;TZID=Europe/Berlin:20261229T180000\n")
    single = (
        "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20261222T180000\nSUMMARY:Singen\n"
        f"{times('20261223', 20)}END:VEVENT\n"
    )
    found = read(
        single,
        from_on("20270105", f"SUMMARY:Spät\n{times('20270105', 21)}"),
        series,
        from_on("20261215", f"SUMMARY:Später\n{times('20261215', 19)}"),
    )
    assert found.rejected == []
    assert ours(found) == [
        ("2026-12-01T18:00", "Chor"),
        ("2026-12-08T18:00", "Chor"),
        ("2026-12-15T19:00", "Später"),
        ("2026-12-22T19:00", "Später"),
        ("2027-01-05T21:00", "Spät"),
    ]
    middle = found.found["1/20261215T180000"]
    assert middle.overrides == ((wall("2026-12-22T19:00"), (wall("2026-12-23T20:00"), wall("2026-12-23T21:00"))),)
    assert [one.title for one in middle.occurrences] == ["Singen"]


def test_from_the_first_date_on_it_is_still_the_same_event():
    series = one("1", "Chor", "20261201", more="RRULE:FREQ=WEEKLY;COUNT=2\n")
    found = read(series, from_on("20261201", f"SUMMARY:Später\n{times('20261201', 19)}"))
    assert ours(found) == [("2026-12-01T19:00", "Später"), ("2026-12-08T19:00", "Später")]
    assert found.found.keys() == {"1"}


def test_cancelled_from_a_date_on_ends_there():
    series = one("1", "Chor", "20261201", more="RRULE:FREQ=WEEKLY\n")
    found = read(series, from_on("20261215", f"STATUS:CANCELLED\nSUMMARY:Chor\n{times('20261215', 18)}"))
    assert [day for day, _ in ours(found)] == ["2026-12-01T18:00", "2026-12-08T18:00"]


def test_a_rule_of_its_own_is_what_counts_from_there_on():
    series = one("1", "Chor", "20261201", more="RRULE:FREQ=WEEKLY\n")
    rule = "RRULE:FREQ=MONTHLY;BYMONTHDAY=15;COUNT=2\n"
    found = read(series, from_on("20261215", f"SUMMARY:Chor\n{times('20261215', 18)}{rule}"))
    assert [day[:10] for day, _ in ours(found)] == ["2026-12-01", "2026-12-08", "2026-12-15", "2027-01-15"]


@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("FREQ=WEEKLY", from_on("20261216", f"SUMMARY:Nie\n{times('20261216', 18)}")),
        ("FREQ=DAILY;BYMONTH=1,2,3,4,5,12", from_on("20261215", f"SUMMARY:Viel\n{times('20261216', 18)}")),
    ],
)
def test_what_cannot_be_moved_is_left_out_and_the_series_stays_as_it_was(rule, more):
    found = read(one("1", "Chor", "20261201", more=f"RRULE:{rule}\n"), more)
    assert found.found.keys() == {"1"}
    (rejected,) = found.rejected
    assert rejected.reason.endswith(".")
    assert rejected.uid.startswith("1/202612")


@settings(max_examples=40, deadline=None)
@given(rule=rules(finest="DAILY"), day=st.dates(date(2024, 1, 1), date(2025, 6, 1)), at=st.integers(0, 20))
def test_a_series_that_is_split_has_the_same_dates_as_before(rule, day, at):
    facts, dates = _split_at(rule, day)
    assume(len(dates) > at > 0)
    original = dates[at]
    try:
        tail = rest(facts, original, (original, original + timedelta(hours=1)))
    except Invalid:
        assume(False)
    found = [series_of_facts(one).occurrences(FROM, TO) for one in (before(facts, original), tail)]
    assert sorted(one.starts for part in found for one in part) == dates


@settings(max_examples=40, deadline=None)
@given(rule=rules(finest="DAILY"), day=st.dates(date(2024, 1, 1), date(2025, 6, 1)), at=st.integers(0, 20),
       shift=st.integers(-50, 50))  # fmt: skip
def test_what_is_moved_is_moved_as_a_whole(rule, day, at, shift):
    facts, dates = _split_at(rule, day)
    assume(len(dates) > at)
    moved = timedelta(hours=shift)
    try:
        tail = rest(facts, dates[at], (dates[at] + moved, dates[at] + moved + timedelta(hours=1)))
    except Invalid:
        assume(False)
    limit = wall("2026-05-25")
    found = [one.starts for one in series_of_facts(tail).occurrences(FROM - timedelta(days=9), TO)]
    assert [one for one in found if one < limit] == [one + moved for one in dates[at:] if one + moved < limit]


def _split_at(rule, day):
    begin = datetime.combine(day, datetime.min.time()) + timedelta(hours=9)
    try:
        normal = normal_rule(rule, starts=begin, zone="UTC")
    except Invalid:
        assume(False)
    facts = EventFacts(starts=begin, ends=begin + timedelta(hours=1), time_zone="UTC", rules=(normal,))
    return facts, [one.starts for one in series_of_facts(facts).occurrences(FROM, TO)]
