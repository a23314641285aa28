"""The months of an event as a calendar to click on: on which days it takes place, and which were left out or added."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from cityinfo.cms.words import day_named, month_named
from cityinfo.features.events import EventFacts, Series, Times
from cityinfo.kernel.i18n import _

SHOWN = 2  # months at once
LEAVE_OUT, BRING_BACK, ADD, DROP, MONTH = "out", "back", "add", "drop", "month"
ON, OFF, PLUS, FREE, MOVED = "on", "off", "plus", "free", "moved"
_ACTS = {ON: LEAVE_OUT, OFF: BRING_BACK, PLUS: DROP, FREE: ADD}
_LAST = date(9999, 10, 1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day: what takes place on it, in words, and what a click does to which beginning; no act where none helps."""

    on: date
    state: str
    words: str
    is_holiday: bool
    act: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its weeks, Monday first; days of its neighbours are left empty."""

    name: str
    weeks: Sequence[Sequence[Day | None]]


@dataclass(frozen=True, slots=True)
class Months:
    """The months that are shown, from which on, and from which on those before and after them are."""

    first: str
    earlier: str
    later: str
    months: Sequence[Month]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the days beside the facts: today, which are holidays, and which dates differ by themselves."""

    today: date
    holidays: Collection[date] = ()
    overrides: Mapping[datetime, Times | None]


def months(series: Series, facts: EventFacts, known: Known, *, wanted: str, coming: Sequence[datetime]) -> Months:
    """The months from the one that is wanted on, else from that of the next date."""
    earliest = _first(min(max(series.starts.date(), known.today), _LAST))
    begin = max(month_typed(wanted) or _first((coming[0] if coming else series.starts).date()), earliest)
    begin = min(begin, _LAST)
    starts = [later(begin, number) for number in range(SHOWN)]
    found = _by_day(series, starts[0], later(begin, SHOWN))
    earlier = later(begin, -SHOWN)
    return Months(
        first=f"{begin:%Y-%m}",
        earlier=f"{max(earlier, earliest):%Y-%m}" if begin > earliest else "",
        later=f"{later(begin, SHOWN):%Y-%m}" if begin < _LAST else "",
        months=[_month(one, found, series, facts, known) for one in starts],
    )


def whole(series: Series) -> Series:
    """The series with the dates that are left out."""
    return replace(series, dates=(*series.dates, *series.exceptions), exceptions=frozenset())


def _month(
    first: date, found: Mapping[date, Sequence[datetime]], series: Series, facts: EventFacts, known: Known
) -> Month:
    weeks = [
        [_day(day, found.get(day, ()), series, facts, known) if day.month == first.month else None for day in week]
        for week in Weeks().monthdatescalendar(first.year, first.month)
    ]
    return Month(_("{month} {year}", month=month_named(first.month), year=first.year), weeks)


def _day(day: date, begins: Sequence[datetime], series: Series, facts: EventFacts, known: Known) -> Day:
    key = begins[0] if begins else datetime.combine(day, series.starts.time())
    state = _state(begins, facts, known)
    is_past = day < max(known.today, series.starts.date())
    is_fixed = len(begins) > 1 or key in known.overrides or (state == ON and not series.is_repeated)
    act = "" if is_past or is_fixed else _ACTS.get(state, "")
    is_holiday = day in known.holidays
    return Day(day, state, _words(day, state, is_holiday=is_holiday), is_holiday, act, key.isoformat())


def _state(begins: Sequence[datetime], facts: EventFacts, known: Known) -> str:
    if not begins:
        return FREE
    key = begins[0]
    if key in known.overrides:
        return MOVED if known.overrides[key] else OFF
    if all(one in facts.exceptions for one in begins):
        return OFF
    return PLUS if key in facts.dates else ON


def _words(day: date, state: str, *, is_holiday: bool) -> str:
    name = day_named(day)
    if is_holiday:
        name = _("{day}, public holiday", day=name)
    said = {
        ON: _("{day}, takes place", day=name),
        OFF: _("{day}, does not take place", day=name),
        PLUS: _("{day}, added", day=name),
        MOVED: _("{day}, takes place at another time", day=name),
        FREE: _("{day}, no date", day=name),
    }
    return said[state]


def _by_day(series: Series, first: date, after: date) -> Mapping[date, Sequence[datetime]]:
    last = datetime.combine(after, time()) - timedelta(seconds=1)
    found: dict[date, list[datetime]] = {}
    for one in sorted(whole(series).beginnings(datetime.combine(first, time()), last)):
        found.setdefault(one.date(), []).append(one)
    return found


def month_typed(text: str) -> date | None:
    """The first of a month that is written like 2026-12."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == len("2026-01") else None
    except ValueError:
        return None


def _first(day: date) -> date:
    return day.replace(day=1)


def later(first: date, number: int) -> date:
    """The first of the month so many months later."""
    count = max(first.year * 12 + first.month - 1 + number, 12)
    return date(count // 12, count % 12 + 1, 1)
