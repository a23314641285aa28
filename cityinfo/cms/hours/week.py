"""Opening hours as their editor shows them: a week, public holidays, and dates with times of their own. Pure.

They are kept as rules that OpenStreetMap writes. Of these the editor knows the plain ones; `opening_of` says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HOLIDAYS = "PH"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
ANY_YEAR = 2000  # in which dates stand that come back every year; it has a 29 February
APPOINTMENT = "by appointment"
_OTHER_WORDS = {APPOINTMENT, "on appointment", "nach vereinbarung"}
_OFF = {"off", "closed"}
_WEEK, _SEASONS, _ON_HOLIDAYS, _SINGLE = range(4)  # the order in which rules stand; later ones win
_PART = re.compile(r'(?:"[^"]*"|[^";])+')
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
_MONTH = f"(?:{'|'.join(MONTHS)})"
_RULE = re.compile(
    rf"(?:(?P<dates>(?:\d{{4}} )?{_MONTH} \d{{1,2}}(?:-(?:(?:\d{{4}} )?{_MONTH} )?\d{{1,2}})?):?(?:\s+|$))?"
    rf"(?:(?P<days>{_DAY}(?:[-,]{_DAY})*):?(?:\s+|$))?(?P<times>.*)"
)
_DATES = re.compile(
    rf"(?:(?P<year>\d{{4}}) )?(?P<month>{_MONTH}) (?P<day>\d{{1,2}})"
    rf"(?:-(?:(?P<year2>\d{{4}}) )?(?:(?P<month2>{_MONTH}) )?(?P<day2>\d{{1,2}}))?"
)
_TIMES = re.compile(r'(?P<slots>[\d:,-]*)\s*(?:"(?P<comment>[^"]*)")?')
_SLOT = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")

Slot = tuple[str, str]  # from and to, as 08:00; what ends at 24:00 or before it begins ends at or after midnight


@dataclass(frozen=True, slots=True)
class Times:
    """When one may come on a day, in these slots or by appointment, or both: by appointment within them."""

    slots: tuple[Slot, ...] = ()
    appointment: bool = False

    @property
    def closed(self) -> bool:
        return not self.slots and not self.appointment


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """Days with times of their own: from the first to the last, every year if they are `yearly` (`ANY_YEAR`).

    With `weekdays`, from 0, only these of them: so a season is written.
    """

    first: date
    last: date
    yearly: bool = False
    weekdays: tuple[int, ...] = ()
    times: Times = Times()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """`holidays` None: as on other days."""

    week: tuple[Times, ...] = (Times(),) * 7
    holidays: Times | None = None
    dates: Sequence[Dates] = field(default_factory=tuple)

    @property
    def never(self) -> bool:
        """Whether nothing is said but that it is closed."""
        return all(one.closed for one in (*self.week, self.holidays or Times(), *(one.times for one in self.dates)))


def rules_of(opening: Opening) -> str:
    """The hours as OpenStreetMap writes them: the week, seasons, public holidays, single dates."""
    seasons = [_dated(one) for one in opening.dates if one.weekdays]
    single = [_dated(one) for one in opening.dates if not one.weekdays]
    holidays = [] if opening.holidays is None else [f"{HOLIDAYS} {_times(opening.holidays)}"]
    return "; ".join([*_weekly(opening.week), *seasons, *holidays, *single])


def opening_of(rules: str) -> Opening | None:
    """What the editor shows of rules; None for those that it could not write again with the same meaning."""
    found = Opening()
    stage, off = _WEEK, False
    for part in _PART.findall(rules):
        read = _read(part.strip())
        if read is None or read.stage < stage or (read.stage == stage == _ON_HOLIDAYS):
            return None
        found, stage = read.put_into(found), max(stage, read.ends)
        off = off or (read.stage == _WEEK and read.times.closed)
    overnight = any(slot[1] <= slot[0] for one in found.week for slot in one.slots)
    # A day that is said to be closed ends what began the day before; the editor has no word for that.
    return None if (off and overnight) or not rules.strip() else found


def is_sound(slots: Sequence[Slot]) -> bool:
    """Whether slots follow each other without meeting; only the last one may end after midnight."""
    pairs = pairwise(slots)
    return all(one[0] < one[1] <= other[0] for one, other in pairs) and all(one[0] != one[1] for one in slots)


@dataclass(frozen=True, slots=True)
class _Read:
    """A rule as it was read. One for weekdays may speak of holidays too, and then ends at their stage."""

    dates: Dates | None
    weekdays: tuple[int, ...]
    holidays: bool
    times: Times

    @property
    def stage(self) -> int:
        if self.dates is not None:
            return _SEASONS if self.weekdays else _SINGLE
        return _WEEK if self.weekdays else _ON_HOLIDAYS

    @property
    def ends(self) -> int:
        return _ON_HOLIDAYS if self.holidays else self.stage

    def put_into(self, opening: Opening) -> Opening:
        if self.dates is not None:
            return replace(opening, dates=(*opening.dates, self.dates))
        week = tuple(self.times if day in self.weekdays else times for day, times in enumerate(opening.week))
        return replace(opening, week=week, holidays=self.times if self.holidays else opening.holidays)


def _read(rule: str) -> _Read | None:
    found = _RULE.fullmatch(rule)
    times = _read_times(found["times"]) if found else None
    if found is None or times is None:
        return None
    days, holidays = _read_days(found["days"] or "")
    if found["dates"] is None:
        return _Read(None, days if found["days"] else tuple(range(7)), holidays, times)
    span = _read_dates(found["dates"])
    if span is None or holidays:
        return None
    first, last, yearly = span
    dates = Dates(first=first, last=last, yearly=yearly, weekdays=days, times=times)
    return _Read(dates, days, False, times)


def _read_days(text: str) -> tuple[tuple[int, ...], bool]:
    days: set[int] = set()
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        if HOLIDAYS not in part:
            start, end = DAYS.index(first), DAYS.index(last or first)
            days |= {day % 7 for day in range(start, end + 1 + (7 if end < start else 0))}
    return tuple(sorted(days)), HOLIDAYS in text


def _read_dates(text: str) -> tuple[date, date, bool] | None:
    found = _DATES.fullmatch(text)
    if found is None or (found["year2"] and not found["year"]):
        return None
    year, month = int(found["year"] or ANY_YEAR), found["month"]
    is_unclear = found["month2"] and found["year"] and not found["year2"]  # some read the next year there, some do not
    try:
        first = date(year, MONTHS.index(month) + 1, int(found["day"]))
        last_month = MONTHS.index(found["month2"] or month) + 1
        last = date(int(found["year2"] or year), last_month, int(found["day2"] or first.day))
    except ValueError:
        return None
    yearly = not found["year"]
    return None if is_unclear or (last < first and not yearly) else (first, last, yearly)


def _read_times(text: str) -> Times | None:
    if text in _OFF:
        return Times()
    found = _TIMES.fullmatch(text)
    if found is None or not text or (found["comment"] or APPOINTMENT).casefold() not in _OTHER_WORDS:
        return None
    slots = [_SLOT.fullmatch(one) for one in found["slots"].split(",")] if found["slots"] else []
    read = [_slot(*map(int, one.groups())) for one in slots if one]
    sound = [one for one in read if one is not None]
    if len(sound) != len(slots) or not is_sound(sound):
        return None
    return Times(tuple(sound), found["comment"] is not None)


def _slot(hour: int, minute: int, end_hour: int, end_minute: int) -> Slot | None:
    end = (end_hour, end_minute) if (end_hour, end_minute) != (0, 0) else (24, 0)
    if hour > 23 or max(minute, end_minute) > 59 or end > (24, 0):
        return None
    return f"{hour:02}:{minute:02}", f"{end[0]:02}:{end[1]:02}"


def _weekly(week: Sequence[Times]) -> Iterator[str]:
    if all(one.closed for one in week):
        yield f"{DAYS[0]}-{DAYS[-1]} off"
    for times in dict.fromkeys(one for one in week if not one.closed):
        yield f"{_named([day for day, one in enumerate(week) if one == times])} {_times(times)}"


def _named(days: Sequence[int]) -> str:
    """Weekdays as rules name them: Mo-We,Fr."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(DAYS[run[0]] + (f"-{DAYS[run[-1]]}" if len(run) > 1 else "") for run in runs)


def _times(times: Times) -> str:
    if times.closed:
        return "off"
    slots = ",".join(f"{start}-{end}" for start, end in times.slots)
    return " ".join(part for part in (slots, f'"{APPOINTMENT}"' if times.appointment else "") if part)


def _dated(dates: Dates) -> str:
    first, last = (_day(one, yearly=dates.yearly) for one in (dates.first, dates.last))
    days = _named(dates.weekdays)
    return " ".join(part for part in (first if first == last else f"{first}-{last}", days, _times(dates.times)) if part)


def _day(day: date, *, yearly: bool) -> str:
    written = f"{MONTHS[day.month - 1]} {day.day:02}"
    return written if yearly else f"{day.year} {written}"
