"""Hours that the editor can write come back as they were written; all others stay as they are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityinfo.cms.hours.week import ANY_YEAR, Dates, Opening, Times, opening_of, rules_of
from cityinfo.features.locations import hours

BAVARIA = hours.calendar("Europe/Berlin", "09761000", 48.37, 10.89)
MORNING, LATE = Times((("08:00", "12:00"),)), Times((("22:00", "04:00"),))


def clock_time(minutes):
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def times(draw):
    """Slots one after another; the last one may end in the night."""
    edges = sorted(draw(st.sets(st.integers(1, 95), max_size=6)))
    slots = [
        (clock_time(one * 15), clock_time(other * 15)) for one, other in zip(edges[::2], edges[1::2], strict=False)
    ]
    if len(edges) % 2 and draw(st.booleans()):
        slots.append((clock_time(edges[-1] * 15), draw(st.sampled_from(["24:00", "00:10"]))))
    return Times(tuple(slots), draw(st.booleans()))


@st.composite
def dates(draw, *, seasons):
    yearly = draw(st.booleans())
    first = draw(st.dates(date(ANY_YEAR, 1, 1), date(ANY_YEAR, 12, 31)) if yearly else st.dates(date(2026, 1, 1)))
    last = (
        first
        if draw(st.booleans())
        else draw(st.dates(*((date(ANY_YEAR, 1, 1), date(ANY_YEAR, 12, 31)) if yearly else (first,))))
    )
    days = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))) if seasons else ()
    return Dates(first=first, last=last, yearly=yearly, weekdays=days, times=draw(times()))


@st.composite
def openings(draw):
    seasons, single = (draw(st.lists(dates(seasons=one), max_size=2)) for one in (True, False))
    return Opening(
        week=tuple(draw(times()) for _ in range(7)),
        holidays=draw(st.one_of(st.none(), times())),
        dates=(*seasons, *single),
    )


@given(openings())
def test_what_the_editor_writes_it_shows_again(opening):
    assert opening_of(rules_of(opening)) == opening


@settings(deadline=None)  # the first one loads a library
@given(openings())
def test_what_the_editor_writes_can_be_kept(opening):
    rules = rules_of(opening)
    if len(rules) <= hours.MOST_HOURS:
        assert hours.check(rules) == rules


@settings(deadline=None)
@given(st.lists(times(), min_size=7, max_size=7))
def test_a_week_means_to_readers_what_the_editor_shows(week):
    within_days = [
        Times(tuple(slot for slot in one.slots if slot[0] < slot[1] < "24:00"), one.appointment) for one in week
    ]
    shown = hours.week(rules_of(Opening(week=tuple(within_days))), BAVARIA, date(2026, 11, 23))
    for wanted, day in zip(within_days, shown, strict=True):
        assert day.closed == wanted.closed
        assert day.appointment == wanted.appointment
        said = [(f"{slot.start:%H:%M}", f"{slot.end:%H:%M}") for slot in day.slots]
        assert said == _joined(wanted.slots)


def _joined(slots):
    """Slots that touch are one to readers."""
    found = []
    for start, end in slots:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


@pytest.mark.parametrize(
    ("rules", "written"),
    [
        ("Mo-Fr 08:00-12:00; PH off", "Mo-Fr 08:00-12:00; PH off"),
        ("Mo,Tu,We 8:00-12:00; Su,PH closed", "Mo-We 08:00-12:00; PH off"),
        ("08:00-12:00", "Mo-Su 08:00-12:00"),
        ("Sa-Mo 10:00-12:00", "Mo,Sa-Su 10:00-12:00"),
        ("Mo-Fr 08:00-12:00; Fr 08:00-11:00", "Mo-Th 08:00-12:00; Fr 08:00-11:00"),
        ('We 14:00-16:00 "nach Vereinbarung"', 'We 14:00-16:00 "by appointment"'),
        ("Mo 18:00-00:00", "Mo 18:00-24:00"),
        ("Mo 08:00-12:00; 2026 Dec 24-27 off", "Mo 08:00-12:00; 2026 Dec 24-2026 Dec 27 off"),
        (
            "Mo 08:00-12:00; 2026 May 01-2026 Sep 30: Mo-Fr 08:00-20:00; Dec 24 off",
            "Mo 08:00-12:00; 2026 May 01-2026 Sep 30 Mo-Fr 08:00-20:00; Dec 24 off",
        ),
    ],
)
def test_plain_rules_of_others_are_shown(rules, written):
    assert rules_of(opening_of(rules)) == written


@pytest.mark.parametrize(
    "rules",
    [
        "24/7",
        "Mo-Fr sunrise-sunset",
        "Mo-Fr 10:00+",
        "Mo[1] 10:00-12:00",
        "Apr-Oct Mo-Fr 10:00-12:00",
        "week 1-53/2 Mo 10:00-12:00",
        "PH off; Mo-Fr 08:00-12:00",
        "2026 Dec 24 off; Mo-Fr 08:00-12:00",
        "Mo 08:00-12:00, Tu 10:00-12:00",
        'Mo 08:00-12:00 "nur mit Anmeldung bei Frau Berg"',
        'Mo 08:00-12:00,13:00-14:00 "Tor 2"',
        "Mo 08:00-26:00",
        "Mo 10:00-12:00,11:00-13:00",
        "2026 Dec 24-Jan 06 off",
        "2026 Feb 30 off",
        "Fr 22:00-04:00; Sa off",
        'Mo-Fr 10:00-12:00 || "by appointment"',
        "",
    ],
)
def test_rules_that_the_editor_could_not_write_again_are_not_shown_as_a_week(rules):
    assert opening_of(rules) is None


def test_a_season_gives_way_to_holidays_and_holidays_to_single_dates():
    season = Dates(first=date(2026, 12, 1), last=date(2026, 12, 31), weekdays=(0, 1, 2, 3, 4), times=MORNING)
    day = Dates(first=date(2026, 12, 26), last=date(2026, 12, 26), times=LATE)
    rules = rules_of(Opening(holidays=Times(), dates=[day, season]))
    assert rules == "Mo-Su off; 2026 Dec 01-2026 Dec 31 Mo-Fr 08:00-12:00; PH off; 2026 Dec 26 22:00-04:00"
    week = hours.week(rules, BAVARIA, date(2026, 12, 21))
    assert [day.closed for day in week] == [False, False, False, False, True, False, False]
    assert date(2026, 12, 25) - timedelta(days=4) == date(2026, 12, 21)
