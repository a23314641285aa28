"""The next dates of an event while it is written, cancelled and added ones among them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cityinfo.cms.layout import city_zone
from cityinfo.features import events
from cityinfo.features.events import EventFacts, Series, Times, moments
from cityinfo.features.locations import calendar, hours
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.i18n import _

from .months import Known, Months, months, whole
from .repeating import repeat_of
from .words import day_with_weekday, in_words, times

SHOWN = 12
_AHEAD = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Date:
    """One date of a series: when it begins, in words, and whether it is cancelled or was added by itself.

    `own` says what is different about it by itself, which its form does not change.
    """

    key: str
    day: str
    time: str
    off: bool
    added: bool
    own: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """How readers are told of an event, its next dates, and its months; `more` when there are further dates.

    `off` and `plus` are cancelled and added beginnings that are not among them.
    """

    sentence: str
    dates: Sequence[Date]
    more: bool
    off: Sequence[str]
    plus: Sequence[str]
    months: Months


def preview(db: Work, facts: EventFacts, event_id: int | None = None, *, month: str = "") -> Preview:
    """What the facts come to from now on; `Invalid` when they could not be saved. `month`: which is to be shown."""
    series = events.planned(db, facts)
    repeat = repeat_of(facts.rules, facts.starts)
    coming = _upcoming(series)
    found = coming if series.is_repeated else []
    known = _known(db, event_id, month, coming[0] if coming else series.starts)
    dates = [_date(one, facts, known.overrides) for one in found[:SHOWN]]
    keys = {one.key for one in dates}
    return Preview(
        in_words(repeat, facts.starts, facts.ends, all_day=facts.all_day),
        dates,
        len(found) > SHOWN,
        _others(facts.exceptions, keys),
        _others(facts.dates, keys),
        months(series, facts, known, wanted=month, coming=coming),
    )


def is_over(series: Series) -> bool:
    """Whether nothing of it is still to come."""
    last = series.last_end()
    return last is not None and last <= clock.now()


def _known(db: Work, event_id: int | None, month: str, next_one: datetime) -> Known:
    year = int(month[:4]) if month[:4].isdecimal() else next_one.year
    return Known(
        today=clock.now().astimezone(city_zone()).date(),
        holidays=hours.holidays(calendar(db), min(max(year, 1), 9990)),
        overrides=dict(events.series_by_id(db, event_id).overrides) if event_id else {},
    )


def _upcoming(series: Series) -> list[datetime]:
    """Beginnings that are still to come, with those that are cancelled; one more than are shown."""
    now = clock.now()
    first = now.replace(tzinfo=None) - series.length - timedelta(days=2)
    coming = sorted(whole(series).beginnings(max(series.starts, first), max(series.starts, first) + _AHEAD))
    return [one for one in coming if moments(one, one + series.length, series.zone)[1] > now][: SHOWN + 1]


def _date(starts: datetime, facts: EventFacts, overrides: Mapping[datetime, Times | None]) -> Date:
    said = times(starts, starts + (facts.ends - facts.starts), all_day=facts.all_day)
    day = day_with_weekday(starts.date())
    return Date(
        starts.isoformat(), day, said, starts in facts.exceptions, starts in facts.dates, _own(starts, facts, overrides)
    )


def _own(starts: datetime, facts: EventFacts, overrides: Mapping[datetime, Times | None]) -> str:
    if starts not in overrides:
        return ""
    moved = overrides[starts]
    if moved is None:
        return _("does not take place")
    return _("instead {day}, {time}", day=day_with_weekday(moved[0].date()), time=times(*moved, all_day=facts.all_day))


def _others(moments_: Collection[datetime], shown: Collection[str]) -> list[str]:
    return [key for one in moments_ if (key := one.isoformat()) not in shown]
