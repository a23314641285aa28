"""Rules that the form can write come back as they were written."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityinfo.cms.events.repeating import DAILY, MONTHLY, ONCE, OTHER, WEEKLY, YEARLY, Repeat, repeat_of, rules_of
from cityinfo.cms.events.words import in_words

TUESDAY, ENDS = map(datetime.fromisoformat, ("2026-11-24T15:00", "2026-11-24T17:00"))
YEAR = st.datetimes(*map(datetime.fromisoformat, ("2026-01-01", "2026-12-31")))
ends = st.one_of(
    st.just({}),
    st.dates(date(2027, 1, 1), date(2030, 1, 1)).map(lambda day: {"until": day}),
    st.integers(1, 999).map(lambda number: {"count": number}),
)


@st.composite
def repeats(draw):
    often = draw(st.sampled_from([DAILY, WEEKLY, MONTHLY, YEARLY]))
    days = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))) if often == WEEKLY else ()
    monthly = draw(st.sampled_from(["day", "weekday"])) if often == MONTHLY else "day"
    interval = draw(st.integers(1, 999))
    return Repeat(often=often, interval=interval, days=days, monthly=monthly, **draw(ends))


@given(repeats(), YEAR)
def test_what_the_form_writes_it_shows_again(repeat, starts):
    assert repeat_of(rules_of(repeat, starts), starts) == repeat


@pytest.mark.parametrize(
    "rules",
    [
        ["FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;BYDAY=FR"],
        ["FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1"],
        ["FREQ=HOURLY;INTERVAL=6"],
        ["FREQ=DAILY;BYDAY=MO"],
    ],
)
def test_rules_that_the_form_cannot_write_stay_as_they_are(rules):
    found = repeat_of(rules, TUESDAY)
    assert found.often == OTHER
    assert rules_of(found, TUESDAY) == tuple(rules)


@pytest.mark.parametrize(
    ("repeat", "sentence"),
    [
        (Repeat(), "Dienstag, 24.11.2026, von 15:00 bis 17:00 Uhr."),
        (Repeat(often=WEEKLY, days=(1,)), "Jeden Dienstag, von 15:00 bis 17:00 Uhr."),
        (
            Repeat(often=WEEKLY, days=(0, 1, 4), interval=2),
            "Alle 2 Wochen am Montag, Dienstag und Freitag, von 15:00 bis 17:00 Uhr.",
        ),
        (Repeat(often=MONTHLY, monthly="weekday"), "Jeden Monat am vierten Dienstag, von 15:00 bis 17:00 Uhr."),
        (Repeat(often=YEARLY, count=3), "Jedes Jahr am 24.11., von 15:00 bis 17:00 Uhr, insgesamt 3-mal."),
        (Repeat(often=DAILY, until=date(2026, 12, 1)), "Jeden Tag, von 15:00 bis 17:00 Uhr, bis 01.12.2026."),
    ],
)
def test_a_repetition_is_said_in_a_sentence(repeat, sentence):
    assert in_words(repeat, TUESDAY, ENDS, all_day=False) == sentence


def test_once_is_no_rule():
    assert rules_of(Repeat(often=ONCE), TUESDAY) == ()
