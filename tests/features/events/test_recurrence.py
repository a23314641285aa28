"""When events take place: six o'clock stays six o'clock, and two libraries that others use agree with us."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from dateutil.rrule import rruleset, rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from cityinfo.features.events import Series, matches, parts_of
from cityinfo.features.events.recurrence import NEVER
from cityinfo.features.events.repetition import times_a_day
from cityinfo.features.events.rules import normal_rule
from cityinfo.kernel.errors import Invalid
from tests.factories_events import wall

BERLIN = "Europe/Berlin"
YEAR_LATER = datetime(2027, 12, 1, tzinfo=UTC)


def series(starts, *rules, hours=2, zone=BERLIN, **more):
    begin = wall(starts)
    normal = tuple(normal_rule(rule, starts=begin, zone=zone) for rule in rules)
    return Series(starts=begin, ends=begin + timedelta(hours=hours), zone=zone, rules=normal, **more)


def starts(found, since, until):
    span = (datetime.fromisoformat(one).replace(tzinfo=ZoneInfo(found.zone)) for one in (since, until))
    return [one.starts_at.isoformat() for one in found.occurrences(*span)]


def test_a_weekly_event_keeps_its_hour_when_clocks_change():
    found = starts(series("2026-10-20T18:00", "FREQ=WEEKLY;BYDAY=TU"), "2026-10-19", "2026-11-04")
    assert found == ["2026-10-20T18:00:00+02:00", "2026-10-27T18:00:00+01:00", "2026-11-03T18:00:00+01:00"]


def test_an_hour_that_the_clock_skips_does_not_make_an_event_end_before_it_begins():
    daily = series("2027-03-27T02:30", "FREQ=DAILY", hours=0.75)
    for one in daily.occurrences(datetime(2027, 3, 27, tzinfo=UTC), datetime(2027, 3, 30, tzinfo=UTC)):
        assert one.ends_at - one.starts_at == timedelta(minutes=45)


def test_dates_are_added_left_out_moved_and_cancelled():
    weekly = series(
        "2026-11-24T18:00",
        "FREQ=WEEKLY;COUNT=5",
        dates=(wall("2026-11-26T10:00"),),
        exceptions=frozenset({wall("2026-12-01T18:00")}),
        overrides=(
            (wall("2026-12-08T18:00"), None),
            (wall("2026-12-15T18:00"), (wall("2026-12-16T19:00"), wall("2026-12-16T20:00"))),
        ),
    )
    assert [one[:16] for one in starts(weekly, "2026-01-01", "2027-12-01")] == [
        "2026-11-24T18:00",
        "2026-11-26T10:00",
        "2026-12-16T19:00",
        "2026-12-22T18:00",
    ]
    assert weekly.last_end() == datetime(2026, 12, 22, 19, tzinfo=UTC)


def test_what_has_begun_and_not_ended_is_still_there():
    night = series("2026-11-24T22:00", hours=8)
    assert starts(night, "2026-11-25T05:00", "2026-11-26") == ["2026-11-24T22:00:00+01:00"]
    assert starts(night, "2026-11-25T06:00", "2026-11-26") == []


def test_an_end_may_be_a_day_a_time_here_or_a_time_in_utc():
    for until in ("20261208", "20261208T180000", "20261208T170000Z"):
        found = series("2026-11-24T18:00", f"FREQ=WEEKLY;UNTIL={until}")
        assert found.last_end() == datetime(2026, 12, 8, 19, tzinfo=UTC), until


def test_a_rule_without_end_has_no_last_date_and_a_series_of_which_nothing_is_left_none_at_all():
    assert series("2026-11-24T18:00", "FREQ=DAILY").last_end() is None
    assert series("2026-11-24T18:00", exceptions=frozenset({wall("2026-11-24T18:00")})).last_end() == NEVER


@pytest.mark.parametrize(
    "rule",
    [
        "every day",
        "",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=15",
        "FREQ=DAILY;BYSETPOS=1",
        "FREQ=DAILY;BYHOUR=9,12;BYSETPOS=3",
        "FREQ=HOURLY;BYHOUR=9;BYSETPOS=2",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO",
        "FREQ=MONTHLY;BYWEEKNO=20",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=HOURLY;BYMONTH=2;BYYEARDAY=-1",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=999999",
        "FREQ=DAILY;COUNT=3;UNTIL=20270101",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8;BYMINUTE=0,10,20,30,40,50",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;UNTIL=20200101",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY\nRRULE:FREQ=DAILY",
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_in_one_sentence(rule):
    with pytest.raises(Invalid) as problem:
        normal_rule(rule, starts=wall("2026-11-24T18:00"), zone=BERLIN)
    assert problem.value.message.endswith(".")


def test_a_rule_that_describes_no_date_costs_no_time():
    with pytest.raises(Invalid):
        normal_rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", starts=wall("2026-11-24T18:00"), zone=BERLIN)


# How often a day at most → rules, after RFC 5545 3.3.10 and its examples.
TIMES_A_DAY = {
    1: ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=HOURLY;INTERVAL=24", "FREQ=DAILY;BYHOUR=9,18;BYSETPOS=-1"],
    2: ["FREQ=DAILY;BYHOUR=9,18", "FREQ=HOURLY;INTERVAL=12", "FREQ=SECONDLY;COUNT=2"],
    3: ["FREQ=HOURLY;INTERVAL=3;BYHOUR=9,12,15", "FREQ=MINUTELY;INTERVAL=480"],
    24: ["FREQ=HOURLY", "FREQ=MINUTELY;BYMINUTE=0", "FREQ=HOURLY;BYMONTH=12"],
    32: ["FREQ=MINUTELY;INTERVAL=15;BYHOUR=9,10,11,12,13,14,15,16"],
    48: ["FREQ=HOURLY;BYMINUTE=0,30", "FREQ=MINUTELY;INTERVAL=30", "FREQ=SECONDLY;INTERVAL=900;BYHOUR=1,2,3,4,5,6,"
         "7,8,9,10,11,12"],
}  # fmt: skip


@pytest.mark.parametrize(("most", "rule"), [(most, rule) for most, found in TIMES_A_DAY.items() for rule in found])
def test_a_rule_takes_place_as_often_a_day_as_half_hours_allow(most, rule):
    begin = wall("2026-12-01T09:00")
    normal = normal_rule(rule, starts=begin, zone=BERLIN)
    assert times_a_day(parts_of(normal)) == most
    found = Series(begin, begin, BERLIN, (normal,))
    days = Counter(f"{one.starts:%Y%m%d}" for one in found.occurrences(datetime(2026, 12, 2, tzinfo=UTC), YEAR_LATER))
    assert max(days.values(), default=most) == most


def test_hours_of_a_day_are_found_years_later_without_walking_there():
    hourly = series("2010-01-01T09:00", "FREQ=HOURLY;INTERVAL=2;BYHOUR=9,11,13", hours=1)
    found = starts(hourly, "2026-12-01", "2026-12-02")
    assert [one[11:16] for one in found] == ["09:00", "11:00", "13:00"]
    until = series("2000-01-01T09:00", "FREQ=HOURLY;UNTIL=20991231T235959", hours=1)
    assert until.last_end() == datetime(2099, 12, 31, 23, tzinfo=UTC)


def test_the_last_date_is_found_however_many_before_it_are_left_out():
    left_out = frozenset(wall("2029-12-31T09:00") - timedelta(days=one) for one in range(900))
    daily = series("2026-01-01T09:00", "FREQ=DAILY;UNTIL=20291231", hours=1, exceptions=left_out)
    assert daily.last_end() == datetime(2027, 7, 15, 8, tzinfo=UTC)


def test_several_rules_make_one_series():
    both = series("2026-11-24T18:00", "FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=SA;BYHOUR=10")
    assert [one[:16] for one in starts(both, "2026-11-24", "2026-12-03")] == [
        "2026-11-24T18:00",
        "2026-11-28T10:00",
        "2026-12-01T18:00",
    ]


def test_second_60_is_second_59():
    assert normal_rule("FREQ=MINUTELY;COUNT=2;BYSECOND=60", starts=wall("2026-11-24T18:00:59"), zone=BERLIN).endswith(
        "BYSECOND=59"
    )


DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ZONES = (BERLIN, "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu")


FINER = {
    "HOURLY": [["BYHOUR=9,10,11", "BYDAY=MO"], ["BYDAY=SA,SU", "BYMONTH=2"], ["BYMINUTE=0,30", "BYMONTHDAY=-1"]],
    "MINUTELY": [["BYHOUR=8", "BYMINUTE=0,20,40", "BYDAY=WE"], ["BYMINUTE=0", "BYYEARDAY=1,-1"]],
    "DAILY": [[], ["BYHOUR=9,18"], ["BYHOUR=9,12,18", "BYSETPOS=-1"]],
    "YEARLY": [[], ["BYWEEKNO=20,-1", "BYDAY=MO"], ["BYYEARDAY=1,100,-1"], ["BYMONTH=5", "BYDAY=SU", "BYSETPOS=2"]],
}


@st.composite
def rules(draw, *, finest="MINUTELY"):
    frequencies = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY")
    frequency = draw(st.sampled_from(frequencies[: frequencies.index(finest) + 1]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]
    if frequency in FINER:
        parts += draw(st.sampled_from(FINER[frequency]))
    if frequency == "WEEKLY" and draw(st.booleans()):
        parts.append("BYDAY=" + ",".join(draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=4, unique=True))))
    if frequency == "MONTHLY":
        parts += draw(st.sampled_from([[], ["BYDAY=-1FR"], ["BYDAY=2TU"], ["BYMONTHDAY=-1"], ["BYDAY=MO;BYSETPOS=1"]]))
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 60))}")
    if end == "UNTIL":
        parts.append(f"UNTIL={draw(st.dates(date(2026, 1, 1), date(2029, 1, 1))):%Y%m%d}T220000Z")
    return ";".join(parts)


@settings(max_examples=150, deadline=None)
@given(
    rule=rules(),
    day=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    time=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
    left_out=st.sets(st.integers(0, 20), max_size=3),
    offset=st.integers(0, 900),
)
def test_our_answer_is_that_of_dateutil_and_recurring_ical_events(rule, day, time, zone, left_out, offset):
    first = first_date(rule, datetime.combine(day, time))
    assume(first is not None)
    assume("UNTIL" not in rule or first < wall("2026-01-01"))
    own = normal_rule(rule, starts=first, zone=zone)
    assume(matches(own, first))
    dates = list(_some(rrulestr(own, dtstart=first), 21))
    exceptions = {dates[one] for one in left_out if one < len(dates)}
    found = Series(first, first + timedelta(hours=3), zone, (own,), exceptions=frozenset(exceptions))
    since = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=offset)
    until = since + timedelta(days=200)
    ours = [one.starts_at.astimezone(UTC) for one in found.occurrences(since, until)]
    assert ours == _by_dateutil(found, own, exceptions, since, until)
    if exceptions and parts_of(own)["FREQ"] in ("HOURLY", "MINUTELY"):
        return  # that library leaves out as well what takes place in UTC at the hour that is left out here
    assert set(ours) == _by_recurring_ical_events(found, rule, exceptions, since, until)


def first_date(rule, begin):
    """The first date of a rule; None for one that can have none, such as every other minute from 9:01 at minute 20."""
    try:
        normal = normal_rule(rule, starts=begin, zone="UTC")
    except Invalid:
        return None
    return next(iter(rrulestr(normal, dtstart=begin)), None)


def _some(dates, most):
    for number, one in enumerate(dates):
        if number == most:
            return
        yield one


def _by_dateutil(found, rule, exceptions, since, until):
    everything = rruleset()
    everything.rrule(rrulestr(rule, dtstart=found.starts))
    for one in exceptions:
        everything.exdate(one)
    answer = []
    for one in everything:
        moment = one.replace(tzinfo=ZoneInfo(found.zone)).astimezone(UTC)
        end = (one + timedelta(hours=3)).replace(tzinfo=ZoneInfo(found.zone)).astimezone(UTC)
        if moment >= until + timedelta(days=2):
            break
        if end > since and moment < until:
            answer.append(moment)
    return sorted(answer)


def _by_recurring_ical_events(found, rule, exceptions, since, until):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1"]
    lines.append(f"DTSTART;TZID={found.zone}:{found.starts:%Y%m%dT%H%M%S}")
    lines.append(f"DTEND;TZID={found.zone}:{found.ends:%Y%m%dT%H%M%S}")
    lines.append(f"RRULE:{rule}")
    lines += [f"EXDATE;TZID={found.zone}:{one:%Y%m%dT%H%M%S}" for one in sorted(exceptions)]
    lines += ["END:VEVENT", "END:VCALENDAR", ""]
    calendar = Calendar.from_ical("\r\n".join(lines))
    answer = recurring_ical_events.of(calendar).between(since, until)
    moments = {(one["DTSTART"].dt.astimezone(UTC), one["DTEND"].dt.astimezone(UTC)) for one in answer}
    return {begin for begin, end in moments if end > since and begin < until}
