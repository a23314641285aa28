"""Opening hours: what they say of a moment, which rules are refused, and by whose holidays they go."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cityinfo.features.locations import Calendar, Status, hours
from cityinfo.kernel.errors import Invalid

BAVARIA = hours.calendar("Europe/Berlin", "09761000")
NOWHERE = Calendar("Europe/Berlin")
WEEKDAYS = "Mo-Fr 08:00-12:00,13:00-17:00; PH off"


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("key", "state"), [("09761000", "BY"), ("110000000000", "BE"), ("", ""), ("99000000", "")])
def test_the_official_key_names_the_federal_state(key, state):
    assert hours.calendar("Europe/Berlin", key).state == state


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
    assert hours.status(WEEKDAYS, hours.calendar("Europe/Berlin", "11000000"), epiphany) == Status.OPEN
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
        "foo", "Di 10:00-12:00", "mo-fr 08:00-12:00", "10-12", "Mo 25:00-26:00", "SH off", "Mo sunrise-sunset",
        "Mo 10:00+", "PH Mo 10:00-11:00", "PH +1 day off", "Jan-Mar PH off", "Mo 08:00-12:00 || PH 10:00-11:00",
        "Mo 08:00-12:00;" * 100,
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_a_sentence(rules):
    with pytest.raises(Invalid, match=r"write opening hours such as|is the most\.") as refused:
        hours.check(rules)
    assert "\n" not in refused.value.message


@pytest.mark.parametrize(
    "rules", ["", "  ", "24/7", "off", "Mo[1] 10:00-12:00", "week 1-53/2 Mo 10:00-12:00", "Mo 8:00-9:00"]
)
def test_what_can_be_used_is_kept(rules):
    assert hours.check(rules) == rules.strip()
