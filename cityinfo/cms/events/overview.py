"""A month of the city: on which of its days which events take place."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from cityinfo.cms.layout import city_zone
from cityinfo.cms.words import day_named, month_named
from cityinfo.features import content, events, tenants
from cityinfo.features.locations import calendar, hours
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.i18n import _

from .months import later, month_typed

_MIDNIGHT = time()
_FIRST, _LAST = date(1583, 1, 1), date(9998, 12, 1)


@dataclass(frozen=True, slots=True)
class Held:
    """An event on one of its days; what goes on from the day before, or lasts all day, has no time."""

    event_id: int
    title: str
    time: str


@dataclass(frozen=True, slots=True)
class DayHeld:
    """A day with what takes place on it, by its beginning."""

    on: date
    name: str
    is_today: bool
    is_holiday: bool
    held: list[Held] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MonthHeld:
    """A month by its weeks, Monday first, and which months are before and after it."""

    first: str
    name: str
    earlier: str
    later: str
    weeks: Sequence[Sequence[DayHeld | None]]

    @property
    def is_empty(self) -> bool:
        return not any(day.held for week in self.weeks for day in week if day)


def month_held(db: Work, wanted: str, among: Collection[int] | None) -> MonthHeld:
    """The month that is wanted, or this one; only events `among` these, if any are given."""
    today = clock.now().astimezone(city_zone()).date()
    first = min(max(month_typed(wanted) or today.replace(day=1), _FIRST), _LAST)
    after, holidays = later(first, 1), hours.holidays(calendar(db), first.year)
    days = {
        day: DayHeld(day, day_named(day), day == today, day in holidays)
        for day in (first + timedelta(days=number) for number in range((after - first).days))
    }
    _fill(db, days, first, after, among)
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    return MonthHeld(
        first=f"{first:%Y-%m}",
        name=_("{month} {year}", month=month_named(first.month), year=first.year),
        earlier=f"{later(first, -1):%Y-%m}",
        later=f"{after:%Y-%m}",
        weeks=[[days.get(day) for day in week] for week in weeks],
    )


def _fill(db: Work, days: dict[date, DayHeld], first: date, after: date, among: Collection[int] | None) -> None:
    begin, end = (datetime.combine(one, _MIDNIGHT, city_zone()) for one in (first, after))
    found = events.taking_place(db, begin, end, among)
    titles, root = content.titles_of(db, {event.id for event, _ in found}), tenants.root_language(db)
    for event, one in found:
        starts, ends = one.starts_at.astimezone(city_zone()), one.ends_at.astimezone(city_zone())
        last = (max(starts, ends - timedelta(seconds=1))).date()
        title = content.name(titles.get(event.id, {}), root)[0]
        day = max(starts.date(), first)
        while day <= last and day in days:
            is_whole = event.all_day or day > starts.date()
            days[day].held.append(Held(event.id, title, "" if is_whole else f"{starts:%H:%M}"))
            day += timedelta(days=1)
