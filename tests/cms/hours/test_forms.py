"""Hours come back from the form as they were shown in it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from werkzeug.datastructures import MultiDict

from cityinfo.cms import hours
from cityinfo.cms.hours.forms import WEEK
from cityinfo.cms.hours.week import ANY_YEAR, Dates, Opening, Times, rules_of
from cityinfo.kernel.errors import Invalid
from tests.cms.hours.test_week import openings

MORNING = Times((("08:00", "12:00"),))


def sent(fields):
    """The form as a browser sends it, when nobody has typed anything."""
    form = MultiDict([("hours", fields.mode), ("hours_rule", fields.rule), ("dates", str(len(fields.dates)))])
    if fields.usual:
        form.add("ph_usual", "1")
    for row in (*fields.rows, *(one.row for one in fields.dates)):
        for start, end in row.pairs:
            form.add(f"{row.key}_from", start)
            form.add(f"{row.key}_to", end)
        if row.appointment:
            form.add(f"{row.key}_appointment", "1")
    for one in fields.dates:
        form.add(f"{one.row.key}_first", one.first)
        form.add(f"{one.row.key}_last", one.last)
        form.setlist(f"{one.row.key}_days", list(one.weekdays))
        if one.yearly:
            form.add(f"{one.row.key}_yearly", "1")
    return form


@given(openings())
def test_hours_that_nobody_touches_stay_the_same(opening):
    rules = rules_of(opening)
    fields = hours.shown(rules)
    assert hours.kept(hours.typed(sent(fields))) == rules
    assert fields.mode == WEEK or opening.never


@pytest.mark.parametrize(
    ("first", "last"),
    [((2, 29), (2, 29)), ((2, 29), (3, 5)), ((12, 30), (2, 29)), ((12, 24), (1, 6)), ((2, 29), (2, 10))],
)
def test_days_of_every_year_keep_their_days_even_those_that_some_years_lack(first, last):
    days = Dates(first=date(ANY_YEAR, *first), last=date(ANY_YEAR, *last), yearly=True, times=MORNING)
    rules = rules_of(Opening(dates=[days]))
    assert hours.kept(hours.typed(sent(hours.shown(rules)))) == rules


@pytest.mark.parametrize(
    ("text", "time"), [("8", "08:00"), ("8.30", "08:30"), ("0830", "08:30"), ("08:30 Uhr", "08:30"), ("18h", "18:00")]
)
def test_times_are_read_as_people_write_them(text, time):
    form = MultiDict([("hours", "week"), ("mo_from", text), ("mo_to", "24"), ("ph_usual", "1")])
    assert hours.kept(hours.typed(form)) == f"Mo {time}-24:00"


@pytest.mark.parametrize("text", ["25", "8:60", "acht", "8:5", "-1"])
def test_what_is_no_time_is_refused_beside_its_day(text):
    form = MultiDict([("hours", "week"), ("tu_from", text), ("tu_to", "12")])
    with pytest.raises(Invalid) as refused:
        hours.kept(hours.typed(form))
    assert refused.value.code == "hours.tu"
