"""Opening hours: rules as OpenStreetMap writes them, asked about a moment or a week. Pure: no session, no clock.

Public holidays (`PH`) are those of the city's federal state; a city whose state is not known has none. The sun rises
and sets (`sunrise`, `dawn` …) where the city is; one without coordinates has it rise at seven and set at seven. What is
open without an end (`18:00+`) counts as open until midnight. School holidays (`SH`) are refused: every state sets its
own, and no library carries them.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

MOST_HOURS = 1_000  # characters
HORIZON = 366  # days within which a change counts
EXAMPLE = "Mo-Fr 08:00-12:00,13:00-17:00; Sa 10:00-14:00; PH off"
_STATES = dict(
    zip(
        "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16".split(),
        "SH HH NI HB NW HE RP BW BY SL BE BB MV SN ST TH".split(),
        strict=True,
    )
)
_APPOINTMENT = re.compile("appointment|vereinbarung|termin", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_PARTS = re.compile(r'(?:"[^"]*"|[^";])+')
_SCHOOL = re.compile(r"\bSH\b")
_HOLIDAY = re.compile(r"\bPH\b")
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?(?:\[[-\d,]+\])?"
# Dates or weeks within which the rule counts, weekdays and holidays, days before or after these, the rest.
_WITH_HOLIDAY = re.compile(
    rf"(?P<when>(?:[\d,/\s-]|week|easter|days?|\+|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)*?)"
    rf"(?:(?<=\w):)?\s*\b(?P<days>(?:{_DAY},)*PH(?:,{_DAY})*)(?=\s|$)"
    rf"(?:\s*(?P<shift>[+-]\d{{1,2}})\s+days?\b)?(?P<rest>.*)",
    re.DOTALL,
)
# Else, at any time: the library takes this for something that never ends and then sees no other rule any more.
_ELSE_ALWAYS = re.compile(r'\|\|\s*(?=(?:(?:open|closed|off|unknown)\s*)?(?:"[^"]*"\s*)?(?:;|$|\|\|))')
_MIDNIGHT = time()


class Status(enum.StrEnum):
    """Whether one may come now."""

    OPEN = "open"
    CLOSED = "closed"
    APPOINTMENT = "appointment"  # only by appointment


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whose days and hours count: a time zone, for public holidays a German federal state, for the sun a point."""

    time_zone: str
    state: str = ""
    point: tuple[float, float] | None = None  # latitude, longitude

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Slot:
    """From when to when on one day; the end of the day is 23:59."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a week. Slots only if it is neither open all day nor closed; `appointment` counts for all of them."""

    all_day: bool = False
    closed: bool = False
    appointment: bool = False
    slots: tuple[Slot, ...] = ()


def calendar(time_zone: str, official_key: str, latitude: float | None, longitude: float | None) -> Calendar:
    """The calendar of a city: the first two digits of its key name the federal state."""
    point = None if latitude is None or longitude is None else (latitude, longitude)
    return Calendar(time_zone, _STATES.get(official_key[:2], ""), point)


def check(rules: str) -> str:
    """Rules as they are kept; empty ones say nothing. `Invalid` says in one sentence why they cannot be used."""
    rules = " ".join(rules.split()).rstrip("; ")
    if len(rules) > MOST_HOURS:
        raise Invalid(
            "location.hours",
            say("The opening hours have {number} characters; {most} is the most.", number=len(rules), most=MOST_HOURS),
        )
    if not rules:
        return ""
    bare = _QUOTED.sub('""', rules)
    if _SCHOOL.search(bare):
        raise Invalid("location.hours", "School holidays (SH) are not known here; write their dates instead.")
    _check_holidays(bare)
    try:
        warnings = _parse(rules, Calendar("UTC"), 2026).warnings
    except _parser_error():
        warnings = [rules]
    if warnings:
        sentence = say(
            "“{rules}” cannot be read as opening hours; write opening hours such as: {example}.",
            rules=rules[:100],
            example=EXAMPLE,
        )
        raise Invalid("location.hours", sentence)
    return rules


def status(rules: str, calendar: Calendar, moment: datetime) -> Status:
    """Whether one may come at a moment; without rules it counts as closed."""
    if not rules:
        return Status.CLOSED
    local = moment.astimezone(calendar.zone)
    state, comment = _parse(rules, calendar, local.year).state(local)
    return _status(str(state), comment)


def next_change(rules: str, calendar: Calendar, moment: datetime) -> datetime | None:
    """When that will be different; None when it stays so for a year."""
    if not rules:
        return None
    now, local = status(rules, calendar, moment), moment.astimezone(calendar.zone)
    until = local + timedelta(days=HORIZON)
    spans = _parse(rules, calendar, local.year).intervals(local, until)
    changes = (start for start, _, state, comment in spans if start > local and _status(str(state), comment) != now)
    return next(changes, None)


def ever_opens(rules: str, calendar: Calendar, day: date) -> bool:
    """Whether there is an open hour, by appointment or not, within a year from a day."""
    start = datetime.combine(day, _MIDNIGHT, calendar.zone)
    return bool(rules) and (
        status(rules, calendar, start) != Status.CLOSED or next_change(rules, calendar, start) is not None
    )


def week(rules: str, calendar: Calendar, first: date) -> list[Day]:
    """The seven days from `first` on, holidays and exceptions included, Monday in front.

    What seven days cannot say is reduced, never refused: of months and weeks of the year that part which falls into
    these days; of hours beyond midnight one slot a day; of an open end the rest of the day; of the sun's times those of
    each day; of a day that is open and also by appointment the open hours; of other comments nothing.
    """
    days = [first + timedelta(days=number) for number in range(8)]
    edges = [datetime.combine(day, _MIDNIGHT, calendar.zone) for day in days]
    found = [
        (start, until or edges[-1], _status(str(state), comment))
        for start, until, state, comment in _parse(rules, calendar, first.year).intervals(edges[0], edges[-1])
    ]
    made = {day: _day(found, start, end) for day, start, end in zip(days, edges, edges[1:], strict=False)}
    return [made[day] for day in sorted(made, key=date.weekday)]


def means_appointment(comment: str) -> bool:
    """Whether a comment within rules says that one comes by appointment."""
    return _APPOINTMENT.search(comment) is not None


def _day(found: list[tuple[datetime, datetime, Status]], start: datetime, end: datetime) -> Day:
    came, asked = (
        [
            (max(one, start), min(until, end))
            for one, until, how in found
            if how is wanted and one < end and until > start
        ]
        for wanted in (Status.OPEN, Status.APPOINTMENT)
    )
    spans = came or asked
    if not spans:
        return Day(closed=True)
    whole = spans == [(start, end)]
    if whole and came:
        return Day(all_day=True)
    slots = () if whole else tuple(_slots(spans, end))
    if came and not slots:
        return Day(closed=True)  # open for the last minute of the day, which no slot can say
    return Day(appointment=not came, slots=slots)


def _slots(spans: list[tuple[datetime, datetime]], midnight: datetime) -> list[Slot]:
    """What apps understand: a slot ends after it begins, on the same day."""
    merged: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        joins = merged and merged[-1][1] == start  # apart by their comments only
        merged.append((merged.pop()[0] if joins else start, end))
    ends = ((start, time(23, 59) if end == midnight else end.time()) for start, end in merged)
    return [Slot(start.time(), end) for start, end in ends if start.time() < end]


def _status(state: str, comment: str) -> Status:
    if state == "closed":
        return Status.CLOSED
    by_appointment = state == "unknown" or means_appointment(comment)
    return Status.APPOINTMENT if by_appointment else Status.OPEN


def _check_holidays(bare: str) -> None:
    """`PH` can be written out with dates where it stands once in a rule, alone or among weekdays, before the hours.

    “PH Mo” means holidays that are Mondays to some and holidays and Mondays to others.
    """
    for rule in bare.split(";"):
        if not _HOLIDAY.search(rule):
            continue
        found = _WITH_HOLIDAY.fullmatch(rule.strip())
        alone = found is not None and found["days"] == "PH"
        if (
            found is None
            or "||" in rule
            or _HOLIDAY.search(found["rest"])
            or re.match(rf"\s*{_DAY}\b", found["rest"])
            or (found["shift"] and not alone)
        ):
            sentence = say(
                "“{rule}” uses PH in a way that is not understood here; write opening hours such as: {example}.",
                rule=rule.strip(),
                example=EXAMPLE,
            )
            raise Invalid("location.hours", sentence)


@lru_cache(maxsize=4_000)
def _parse(rules: str, calendar: Calendar, year: int) -> Any:
    from opening_hours import OpeningHours  # a library that only what asks for hours needs

    written = _ELSE_ALWAYS.sub("|| Mo-Su ", _with_dates(rules, _holidays(calendar.state, year)))
    return OpeningHours(
        written, timezone=calendar.zone, coords=calendar.point, auto_country=False, max_interval_days=HORIZON
    )


def _parser_error() -> type[Exception]:
    import opening_hours

    return opening_hours.ParserError  # type: ignore[attr-defined, no-any-return]


def _with_dates(rules: str, holidays: Sequence[date]) -> str:
    """The rules with public holidays as dates: the library knows those of whole countries only."""
    if not _HOLIDAY.search(_QUOTED.sub("", rules)):
        return rules
    return "; ".join(written for rule in _PARTS.findall(rules) for written in _rule(rule.strip(), holidays)) or "off"


def _rule(rule: str, holidays: Sequence[date]) -> list[str]:
    found = _WITH_HOLIDAY.fullmatch(rule)
    if found is None:
        return [rule]
    when, rest = found["when"].strip(), found["rest"]
    others = ",".join(day for day in found["days"].split(",") if day != "PH")
    days = [day + timedelta(days=int(found["shift"] or 0)) for day in holidays if _is_within(when, day)]
    dates = ",".join(f"{day.year} {day:%b} {day.day:02}" for day in days)
    return [f"{one}{rest}" for one in (f"{when} {others}".strip() if others else "", dates) if one]


def _is_within(when: str, day: date) -> bool:
    """Whether months, dates or weeks, as rules write them, contain a day."""
    from opening_hours import OpeningHours

    return not when or str(OpeningHours(when).state(datetime.combine(day, time(12)))[0]) == "open"


def holidays(calendar: Calendar, year: int) -> tuple[date, ...]:
    """The public holidays of a year and of those around it; none where the state is not known."""
    return _holidays(calendar.state, year)


@lru_cache(maxsize=200)
def _holidays(state: str, year: int) -> tuple[date, ...]:
    """All holidays that matter to someone who asks in this year."""
    if not state:
        return ()
    from holidays import country_holidays  # takes half a second; few processes ask

    return tuple(sorted(country_holidays("DE", subdiv=state, years=range(year - 1, year + 3))))
