"""Opening hours as readers are told them: whether one may come now, and the seven days to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from cityinfo.cms.words import day as day_in_full
from cityinfo.cms.words import weekday
from cityinfo.features.locations import Calendar, Day, Status, hours
from cityinfo.kernel import clock
from cityinfo.kernel.i18n import _

from .week import ANY_YEAR, Dates, Times, opening_of

MOST_DATES = 5
_MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True)
class DayRead:
    """A day: its name, its hours in words, and from which to which of its minutes it is open."""

    name: str
    words: str
    spans: Sequence[tuple[int, int]]
    closed: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """`sign` is that of a state: `current` one may come, `off` one may not, `draft` nobody says."""

    sign: str
    sentence: str
    days: Sequence[DayRead] = ()
    dates: Sequence[str] = ()


def reading(rules: str, calendar: Calendar, *, closed: bool = False) -> Reading:
    """What readers are told of these rules; `closed`: for the time being nobody may come."""
    if closed:
        return Reading("off", _("Temporarily closed."))
    if not rules:
        return Reading("draft", _("Readers are told no opening hours."))
    now = clock.now()
    today = now.astimezone(calendar.zone).date()
    shown = hours.week(rules, calendar, today)
    days = [_day(when, shown[when.weekday()]) for when in (today + timedelta(days=number) for number in range(7))]
    return Reading(*now_in_words(rules, calendar), days, _dates(rules, today))


def now_in_words(rules: str, calendar: Calendar) -> tuple[str, str]:
    """Whether one may come now, and how long that stays so: a sign and a sentence."""
    now = clock.now()
    status, change = hours.status(rules, calendar, now), hours.next_change(rules, calendar, now)
    when = _moment(change.astimezone(calendar.zone), now.astimezone(calendar.zone).date()) if change else ""
    if status == Status.OPEN:
        return "current", _("Open now, until {when}.", when=when) if when else _("Always open.")
    if status == Status.APPOINTMENT:
        return "current", _("Now by appointment, until {when}.", when=when) if when else _("By appointment.")
    if change is None:
        return "off", _("Closed for the next twelve months.")
    by_appointment = hours.status(rules, calendar, change) == Status.APPOINTMENT
    told = _("Closed now. By appointment from {when}.") if by_appointment else _("Closed now. Opens {when}.")
    return "off", told.format(when=when)


def times_in_words(times: Times) -> str:
    """The times of a day, as the editor has them."""
    slots = ", ".join(_("{start}–{end}", start=start, end=end) for start, end in times.slots)
    if times.appointment:
        return _("{times} by appointment", times=slots) if slots else _("by appointment")
    return slots or _("closed")


def _moment(moment: datetime, today: date) -> str:
    said, days = f"{moment:%H:%M}", (moment.date() - today).days
    if days == 0:
        return _("today at {time}", time=said)
    if days == 1:
        return _("tomorrow, {weekday}, at {time}", weekday=weekday(moment.weekday()), time=said)
    if days < 7:
        return _("{weekday} at {time}", weekday=weekday(moment.weekday()), time=said)
    return _("{weekday}, {date}, at {time}", weekday=weekday(moment.weekday()), date=_date(moment.date()), time=said)


def _day(when: date, day: Day) -> DayRead:
    name = _("{weekday}, {day}.{month}.", weekday=weekday(when.weekday()), day=f"{when:%d}", month=f"{when:%m}")
    slots = tuple((f"{one.start:%H:%M}", _end(one.end)) for one in day.slots)
    spans = [(_minutes(one.start), _minutes(one.end)) for one in day.slots]
    if day.all_day:
        return DayRead(name, _("open all day"), [(0, _MIDNIGHT)], False)
    if day.appointment and not slots:
        spans = [(0, _MIDNIGHT)]
    return DayRead(name, times_in_words(Times(slots, day.appointment)), spans, day.closed)


def _dates(rules: str, today: date) -> list[str]:
    """Days with times of their own that are still to come or come every year."""
    opening = opening_of(rules)
    coming = [one for one in opening.dates if one.yearly or one.last >= today] if opening else []
    return [_dates_in_words(one) for one in coming[:MOST_DATES]]


def _dates_in_words(dates: Dates) -> str:
    first, last = _date(dates.first), _date(dates.last)
    span = first if first == last else _("{first} to {last}", first=first, last=last)
    names = ", ".join(weekday(day) for day in dates.weekdays)
    if names:
        return _("{dates}, {weekdays}: {times}", dates=span, weekdays=names, times=times_in_words(dates.times))
    return _("{dates}: {times}", dates=span, times=times_in_words(dates.times))


def _date(day: date) -> str:
    if day.year == ANY_YEAR:
        return _("{day}.{month}.", day=f"{day:%d}", month=f"{day:%m}")
    return day_in_full(day)


def _end(end: time) -> str:
    return "24:00" if end == time(23, 59) else f"{end:%H:%M}"


def _minutes(when: time) -> int:
    return _MIDNIGHT if when == time(23, 59) else when.hour * 60 + when.minute
