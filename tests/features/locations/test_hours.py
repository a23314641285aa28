"""Opening hours: what they say of a moment, which rules are refused, and by whose holidays they go."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityinfo.features.locations import Calendar, Status, hours
from cityinfo.kernel.errors import Invalid

BAVARIA = hours.calendar("Europe/Berlin", "09761000", 48.37, 10.89)
ZONE = ZoneInfo("Europe/Berlin")
YEARS = (date(2026, 1, 1), date(2027, 12, 24))
NOWHERE = Calendar("Europe/Berlin")
WEEKDAYS = "Mo-Fr 08:00-12:00,13:00-17:00; PH off"


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("key", "state"), [("09761000", "BY"), ("110000000000", "BE"), ("", ""), ("99000000", "")])
def test_the_official_key_names_the_federal_state(key, state):
    assert hours.calendar("Europe/Berlin", key, None, None).state == state


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T08:00:00+01:00", Status.OPEN),
        ("2026-11-23T07:00:00+00:00", Status.OPEN),  # the same, said in another zone
        ("2026-11-23T12:00:00+01:00", Status.CLOSED),
        ("2026-11-28T10:00:00+01:00", Status.CLOSED),
        ("2027-01-06T10:00:00+01:00", Status.CLOSED),  # Epiphany, a holiday in Bavaria
        ("2026-07-06T06:30:00+00:00", Status.OPEN),  # summer time
    ],
)
def test_it_is_open_when_the_rules_say_so(moment, expected):
    assert hours.status(WEEKDAYS, BAVARIA, at(moment)) == expected


def test_a_holiday_of_another_state_does_not_count():
    epiphany = at("2027-01-06T10:00:00+01:00")
    assert hours.status(WEEKDAYS, hours.calendar("Europe/Berlin", "11000000", None, None), epiphany) == Status.OPEN
    assert hours.status(WEEKDAYS, NOWHERE, epiphany) == Status.OPEN


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("Sa,PH 10:00-11:00; Mo-Fr 08:00-09:00", Status.CLOSED),  # the later rule wins on a Friday
        ("Mo-Fr 08:00-09:00; Sa,PH 10:00-11:00", Status.OPEN),
        ("Mo-Su,PH 10:00-11:00; PH off", Status.CLOSED),
        ("PH 10:00-11:00", Status.OPEN),
    ],
)
def test_holidays_stand_among_weekdays_or_alone(rules, expected):
    assert hours.status(hours.check(rules), BAVARIA, at("2026-12-25T10:30:00+01:00")) == expected


def test_the_next_change_skips_holidays_and_weekends():
    assert hours.next_change(WEEKDAYS, BAVARIA, at("2026-12-24T18:00:00+01:00")) == at("2026-12-28T08:00:00+01:00")
    assert hours.next_change(WEEKDAYS, BAVARIA, at("2026-11-23T09:00:00+01:00")) == at("2026-11-23T12:00:00+01:00")
    assert hours.next_change("24/7", BAVARIA, at("2026-11-23T09:00:00+01:00")) is None


def test_a_night_over_the_change_of_clocks_ends_at_local_time():
    assert hours.next_change("Sa 22:00-04:00", NOWHERE, at("2026-10-24T23:00:00+02:00")) == at(
        "2026-10-25T04:00:00+01:00"
    )


def test_exceptions_with_dates_and_seasons_count():
    rules = hours.check("2026 May 01-2026 Sep 30: Mo-Fr 08:00-20:00; 2026 Jul 14 off; 2026 Jul 18 10:00-12:00")
    assert hours.status(rules, NOWHERE, at("2026-07-13T19:00:00+02:00")) == Status.OPEN
    assert hours.status(rules, NOWHERE, at("2026-07-14T19:00:00+02:00")) == Status.CLOSED
    assert hours.status(rules, NOWHERE, at("2026-07-18T11:00:00+02:00")) == Status.OPEN
    assert hours.status(rules, NOWHERE, at("2026-10-05T10:00:00+02:00")) == Status.CLOSED


@pytest.mark.parametrize("said", ['"by appointment"', '"nach Vereinbarung"', '"Termin nötig"', 'unknown "anrufen"'])
def test_by_appointment_is_neither_open_nor_closed(said):
    rules = hours.check(f"Fr {said}")
    assert hours.status(rules, NOWHERE, at("2026-11-27T10:00:00+01:00")) == Status.APPOINTMENT
    assert hours.week(rules, NOWHERE, date(2026, 11, 23))[4].appointment


def test_a_week_begins_on_monday_whatever_day_it_is_asked_on():
    week = hours.week("Mo 08:00-12:00; We off", NOWHERE, date(2026, 11, 26))
    assert [day.closed for day in week] == [False, True, True, True, True, True, True]


@pytest.mark.parametrize(
    "rules",
    [
        "foo", "Di 10:00-12:00", "mo-fr 08:00-12:00", "10-12", "Mo 25:00-26:00", "PH Mo 10:00-11:00",
        "Sa,PH +1 day off", "Mo 08:00-12:00 || PH 10:00-11:00",
        "Mo 08:00-12:00;" * 100,
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_a_sentence(rules):
    with pytest.raises(Invalid, match=r"write opening hours such as|is the most\.") as refused:
        hours.check(rules)
    assert "\n" not in refused.value.message


def test_school_holidays_are_refused_because_nobody_knows_them():
    with pytest.raises(Invalid, match="write their dates instead"):
        hours.check("Mo-Fr 08:00-12:00; SH off")


@pytest.mark.parametrize(
    ("rules", "moment", "expected"),
    [
        ("Mo-Su sunrise-sunset", "2026-04-03T06:55:00+02:00", Status.OPEN),  # at 6:50, not at 7
        ("Mo-Su sunrise-sunset", "2026-04-03T06:45:00+02:00", Status.CLOSED),
        ("Mo-Su (sunrise+01:00)-20:00", "2026-04-03T06:55:00+02:00", Status.CLOSED),
        ("Mo-Su 18:00+", "2026-04-03T23:30:00+02:00", Status.OPEN),
        ("Mo-Su 18:00+", "2026-04-04T00:30:00+02:00", Status.CLOSED),
        ("Mo-Su 10:00-12:00; easter +1 day off", "2026-04-06T11:00:00+02:00", Status.CLOSED),
        ("week 1-53/2 Mo 10:00-12:00", "2026-11-23T11:00:00+01:00", Status.CLOSED),  # week 48
        ("week 1-53/2 Mo 10:00-12:00", "2026-11-30T11:00:00+01:00", Status.OPEN),
    ],
)
def test_the_sun_open_ends_easter_and_weeks_of_the_year_count(rules, moment, expected):
    assert hours.status(hours.check(rules), BAVARIA, at(moment)) == expected


@pytest.mark.parametrize(
    ("rules", "open_days", "closed_days"),
    [
        ("Mo-Su 10:00-12:00; Jan-Mar PH off", ["2026-05-01", "2026-01-07"], ["2026-01-01", "2026-01-06"]),
        ("Mo-Su 10:00-12:00; Dec: PH off", ["2026-05-01"], ["2026-12-25", "2026-12-26"]),
        ("Jun-Dec Sa,PH 10:00-12:00", ["2026-06-06", "2026-10-03", "2026-12-25"], ["2026-05-01", "2026-05-02"]),
        ("Mo-Su 10:00-12:00; PH +1 day off", ["2026-05-01"], ["2026-05-02"]),
        ("Mo-Su 10:00-12:00; week 1-9 PH off", ["2026-05-01"], ["2026-01-06"]),
    ],
)
def test_holidays_can_be_limited_to_a_season_or_moved_by_days(rules, open_days, closed_days):
    kept = hours.check(rules)
    for days, expected in ((open_days, Status.OPEN), (closed_days, Status.CLOSED)):
        for day in days:
            assert hours.status(kept, BAVARIA, at(f"{day}T11:00:00+00:00").replace(tzinfo=ZONE)) == expected, day


def test_what_is_else_by_appointment_hides_no_other_rule():
    rules = hours.check('Mo-Fr 10:00-12:00 || "by appointment"')
    week = hours.week(rules, NOWHERE, date(2026, 11, 23))
    assert [day.appointment for day in week] == [False] * 5 + [True] * 2
    assert all(len(day.slots) == 1 for day in week[:5])
    saturday, monday = at("2026-11-28T09:00:00+01:00"), at("2026-11-30T00:00:00+01:00")
    assert hours.status(rules, NOWHERE, saturday) == Status.APPOINTMENT
    assert hours.next_change(rules, NOWHERE, saturday) == monday


DAYS = st.sampled_from(["Mo", "Tu-Fr", "Sa,PH", "PH", "Mo-Su", "Jan-Mar Mo-Fr", "week 1-53/2 Tu", "easter", "Dec PH"])
TIMES = st.sampled_from(
    [
        *("08:00-12:00,13:00-17:00", "22:00-03:00", "18:00+", "00:00-24:00", "sunrise-sunset", "20:00-sunrise", "off"),
        *('"by appointment"', '10:00-12:00 "Termin"', "unknown", "23:59-24:00", "10:00-14:00+"),
    ]
)
RULES = st.lists(st.tuples(DAYS, TIMES).map(" ".join), min_size=1, max_size=4).map("; ".join)


@settings(max_examples=60, deadline=None)
@given(rules=RULES, ending=st.sampled_from(["", ' || "by appointment"', " || off"]), day=st.dates(*YEARS))
def test_seven_days_are_always_such_as_apps_understand(rules, ending, day):
    try:
        kept = hours.check(rules + ending)
    except Invalid:
        assert "PH" in rules
        return
    week = hours.week(kept, BAVARIA, day)
    assert len(week) == 7
    for one in week:
        assert not (one.slots and (one.all_day or one.closed))
        assert one.slots or one.all_day or one.closed or one.appointment
        edges = [edge for slot in one.slots for edge in (slot.start, slot.end)]
        assert edges == sorted(edges)
        assert all(slot.start < slot.end for slot in one.slots)


@pytest.mark.parametrize(
    "rules", ["", "  ", "24/7", "off", "Mo[1] 10:00-12:00", "week 1-53/2 Mo 10:00-12:00", "Mo 8:00-9:00"]
)
def test_what_can_be_used_is_kept(rules):
    assert hours.check(rules) == rules.strip()
