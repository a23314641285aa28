"""Time zones as calendars carry them: how a clock is changed every year, which is all that Outlook reads of a zone."""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Calendar, Timezone
    from icalendar.cal import Component

# Years in which a zone follows the rule it has for good; those before are listed one by one in its data.
_YEARS = range(2040, 2052)
_EPOCH = 1970
_MINUTE = timedelta(minutes=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class _Change:
    """A clock is changed at this hour of the clock as it was before."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def day(self) -> str:
        """Which weekday of its month, counted from the end where it is the last."""
        last = self.wall.day + 7 > monthrange(self.wall.year, self.wall.month)[1]
        number = -1 if last else (self.wall.day - 1) // 7 + 1
        return f"{number}{_WEEKDAYS[self.wall.weekday()]}"

    @property
    def pattern(self) -> tuple[object, ...]:
        return self.wall.month, self.day, self.wall.time(), self.before, self.after


def add_zones(calendar: Calendar) -> None:
    """Put every zone that the calendar names before what names it."""
    for name in sorted(calendar.get_used_tzids()):
        zone = _yearly(name)
        if zone is not None:
            calendar.subcomponents.insert(0, zone)
    calendar.add_missing_timezones()  # those that follow no rule, listed date by date


@lru_cache(maxsize=256)
def _yearly(name: str) -> Timezone | None:
    """The zone, with a rule for each change; None when it has no such rule for good."""
    from icalendar import Timezone

    years = [list(_changes(ZoneInfo(name), year)) for year in _YEARS]
    first = years[0]
    if len(first) not in (0, 2) or any([one.pattern for one in year] != _patterns(first) for year in years):
        return None
    zone = Timezone()
    zone.add("tzid", name)
    zone.add("x-lic-location", name)
    for part in [_changed(one) for one in first] or [_constant(ZoneInfo(name))]:
        zone.add_component(part)
    return zone


def _patterns(changes: list[_Change]) -> list[tuple[object, ...]]:
    return [one.pattern for one in changes]


def _changed(change: _Change) -> Component:
    from icalendar import TimezoneDaylight, TimezoneStandard

    part = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    part.add("tzname", change.name)
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    part.add("dtstart", _first(change))
    part.add("rrule", {"freq": "yearly", "bymonth": change.wall.month, "byday": change.day})
    return part


def _constant(zone: ZoneInfo) -> Component:
    from icalendar import TimezoneStandard

    begin = datetime(_YEARS[0], 1, 1, tzinfo=zone)
    part = TimezoneStandard()
    part.add("tzname", begin.tzname())
    part.add("tzoffsetfrom", begin.utcoffset())
    part.add("tzoffsetto", begin.utcoffset())
    part.add("dtstart", datetime(_EPOCH, 1, 1))  # noqa: DTZ001 - wall time
    return part


def _first(change: _Change) -> datetime:
    """The same change in 1970."""
    begin = change.wall.replace(year=_EPOCH, day=1)
    days = (begin + timedelta(days=day) for day in range(monthrange(_EPOCH, begin.month)[1]))
    return next(day for day in days if replace(change, wall=day).day == change.day)


def _changes(zone: ZoneInfo, year: int) -> Iterator[_Change]:
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        following = day + timedelta(days=1)
        before, after = (_offset(one, zone) for one in (day, following))
        if before != after:
            moment = _moment_between(day, following, zone)
            yield _Change((moment + before).replace(tzinfo=None), before, after, str(moment.astimezone(zone).tzname()))
        day = following


def _moment_between(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The first moment with the later offset, to the minute."""
    minutes = range((late - early) // _MINUTE)
    later = _offset(late, zone)
    return early + _MINUTE * bisect_left(minutes, True, key=lambda one: _offset(early + one * _MINUTE, zone) == later)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
