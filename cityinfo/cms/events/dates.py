"""The next dates of an event while it is written, cancelled and added ones among them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cityinfo.features import events
from cityinfo.features.events import EventFacts, Series, moments
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work

from .repeating import repeat_of
from .words import day_with_weekday, in_words, times

SHOWN = 12
_AHEAD = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a series: when it begins, in words, and whether it is cancelled or was added by itself."""

    key: str
    day: str
    time: str
    off: bool
    added: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """How readers are told of an event, and its next dates; `more` when there are further ones.

    `off` and `plus` are cancelled and added beginnings that are not among them.
    """

    sentence: str
    dates: Sequence[Date]
    more: bool
    off: Sequence[str]
    plus: Sequence[str]


def preview(db: Work, facts: EventFacts) -> Preview:
    """What the facts come to from now on; `Invalid` when they could not be saved."""
    series = events.planned(db, facts)
    repeat = repeat_of(facts.rules, facts.starts)
    found = _upcoming(series) if series.is_repeated else []
    dates = [_date(one, facts) for one in found[:SHOWN]]
    keys = {one.key for one in dates}
    return Preview(
        in_words(repeat, facts.starts, facts.ends, all_day=facts.all_day),
        dates,
        len(found) > SHOWN,
        _others(facts.exceptions, keys),
        _others(facts.dates, keys),
    )


def is_over(series: Series) -> bool:
    """Whether nothing of it is still to come."""
    last = series.last_end()
    return last is not None and last <= clock.now()


def _upcoming(series: Series) -> list[datetime]:
    """Beginnings that are still to come, with those that are cancelled; one more than are shown."""
    whole = replace(series, dates=(*series.dates, *series.exceptions), exceptions=frozenset())
    now = clock.now()
    first = now.replace(tzinfo=None) - series.length - timedelta(days=2)
    coming = sorted(whole.beginnings(max(series.starts, first), max(series.starts, first) + _AHEAD))
    return [one for one in coming if moments(one, one + series.length, series.zone)[1] > now][: SHOWN + 1]


def _date(starts: datetime, facts: EventFacts) -> Date:
    said = times(starts, starts + (facts.ends - facts.starts), all_day=facts.all_day)
    day = day_with_weekday(starts.date())
    return Date(starts.isoformat(), day, said, starts in facts.exceptions, starts in facts.dates)


def _others(moments_: Collection[datetime], shown: Collection[str]) -> list[str]:
    return [key for one in moments_ if (key := one.isoformat()) not in shown]
