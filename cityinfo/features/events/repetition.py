"""What an RRULE may say: the parts of RFC 5545 (3.3.10), how often an event may take place, and that it does at all.

A rule that describes no date would be looked for until the end of time, so it is found out here. Pure: no session, no
clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from math import ceil, prod

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

MOST_COUNT = 5_000
MOST_INTERVAL = 1_000
MOST_TIMES_A_DAY = 48  # every half hour; a list of events is for people
MOST_YEARS = 100  # within which a rule must describe a date
STEPS = {  # of rules whose steps are always equally long
    "SECONDLY": timedelta(seconds=1),
    "MINUTELY": timedelta(minutes=1),
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(weeks=1),
}
_EVERYWHERE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND"}
_EVERYWHERE |= {"BYSETPOS"}
_PARTS = {
    **dict.fromkeys(("SECONDLY", "MINUTELY", "HOURLY"), _EVERYWHERE | {"BYMONTHDAY", "BYYEARDAY"}),
    "DAILY": _EVERYWHERE | {"BYMONTHDAY"},
    "WEEKLY": _EVERYWHERE,
    "MONTHLY": _EVERYWHERE | {"BYMONTHDAY"},
    "YEARLY": _EVERYWHERE | {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"},
}
_DAYS_OF_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RANGES = {  # from, to, and whether they may be counted from the end
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYSETPOS": (1, 366, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSECOND": (0, 59, False),
}
_LEVELS = (  # from what rate on a rule counts through it by itself; of the others it has one unless it lists them
    (3, "BYSECOND", 60, timedelta(minutes=1)),
    (2, "BYMINUTE", 60, timedelta(hours=1)),
    (1, "BYHOUR", 24, timedelta(days=1)),
)
_COUNTED = {"HOURLY": 1, "MINUTELY": 2, "SECONDLY": 3}

Parts = Mapping[str, str]


def check(parts: Parts) -> None:
    """Raise `Invalid` with the part that cannot be used. FREQ must be one of those there are."""
    _check_names(parts)
    _check_numbers(parts)
    _check_days(parts)
    _check_positions(parts)
    if times_a_day(parts) > MOST_TIMES_A_DAY:
        raise Invalid(
            "event.frequency",
            say(
                "An event takes place at most {most} times a day; choose a longer INTERVAL, or a COUNT.",
                most=MOST_TIMES_A_DAY,
            ),
        )


def is_frequency(name: str) -> bool:
    return name in _PARTS


def check_dates(parts: Parts, starts: datetime) -> None:
    """Raise `Invalid` when no day within a hundred years is one that the rule describes.

    Months and years are few enough to be looked through by whoever repeats the rule.
    """
    is_meant = _day_test(parts)
    if parts["FREQ"] in ("MONTHLY", "YEARLY") or any(map(is_meant, _days(parts, starts))):
        return
    raise Invalid("event.rule", "The rule describes no date at all; change one of its parts.")


def times_a_day(parts: Parts) -> int:
    """How often a day the rule lets an event take place, at most."""
    counted = _COUNTED.get(parts["FREQ"], 0)
    every = STEPS.get(parts["FREQ"], timedelta(days=1)) * int(parts.get("INTERVAL", "1"))
    most, each = 1, 1  # `each`: how often within one step
    for level, name, size, span in _LEVELS:
        listed = len(_numbers(parts, name))
        if counted < level:
            most = each = most * (listed or 1)
        else:
            most = min(most * (listed or size), ceil(span / every) * each)
    if counted == 0 and "BYSETPOS" in parts:
        most = min(most, len(_numbers(parts, "BYSETPOS")))
    return min(most, int(parts.get("COUNT", most)))


def _check_names(parts: Parts) -> None:
    for part in parts.keys() - _PARTS[parts["FREQ"]]:
        raise Invalid(
            "event.rule",
            say("{part} cannot stand in a rule with FREQ={freq}; leave it out.", part=part[:20], freq=parts["FREQ"]),
        )
    if "COUNT" in parts and "UNTIL" in parts:
        raise Invalid("event.rule", "A rule has an end (UNTIL) or a number of times (COUNT), not both.")


def _check_numbers(parts: Parts) -> None:
    for name, most in (("INTERVAL", MOST_INTERVAL), ("COUNT", MOST_COUNT)):
        text = parts.get(name, "1")
        if not re.fullmatch("[0-9]{1,6}", text) or not 1 <= int(text) <= most:
            raise Invalid(
                "event.rule",
                say("{name} is a number from 1 to {most}, not “{text}”.", name=name, most=most, text=text[:20]),
            )
    for name, (least, most, backwards) in _RANGES.items():
        if not all(least <= (abs(one) if backwards else one) <= most for one in _numbers(parts, name)):
            raise Invalid(
                "event.rule",
                say(
                    "{name} has numbers from {least} to {most}, not “{parts}”.",
                    name=name,
                    least=least,
                    most=most,
                    parts=parts[name][:20],
                ),
            )


def _check_days(parts: Parts) -> None:
    by_week = parts["FREQ"] == "YEARLY" and "BYWEEKNO" in parts
    if re.search("[0-9]", parts.get("BYDAY", "")) and (by_week or parts["FREQ"] not in ("MONTHLY", "YEARLY")):
        raise Invalid(
            "event.rule", "Numbered weekdays such as 1MO need FREQ=MONTHLY or FREQ=YEARLY, and no weeks (BYWEEKNO)."
        )
    longest = max((_DAYS_OF_MONTHS[month - 1] for month in _numbers(parts, "BYMONTH")), default=31)
    days = _numbers(parts, "BYMONTHDAY")
    if days and all(abs(day) > longest for day in days):
        raise Invalid("event.rule", "No month has such a day; change BYMONTHDAY or BYMONTH.")


def _check_positions(parts: Parts) -> None:
    """Each position must be one that there is: a day of one hour has no second time."""
    if "BYSETPOS" not in parts:
        return
    if not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
        raise Invalid("event.rule", "BYSETPOS chooses from what another part lists; add one, such as BYDAY.")
    most = _times_a_step(parts)
    if most and all(abs(one) > most for one in _numbers(parts, "BYSETPOS")):
        raise Invalid(
            "event.rule", say("BYSETPOS chooses one of at most {most} times; choose another position.", most=most)
        )


def _times_a_step(parts: Parts) -> int:
    """From how many times BYSETPOS chooses at most; 0 for months and years, which have many."""
    if parts["FREQ"] not in STEPS:
        return 0
    days = len(parts.get("BYDAY", "").split(",")) if parts["FREQ"] == "WEEKLY" else 1
    inner = [name for level, name, *_ in _LEVELS if level > _COUNTED.get(parts["FREQ"], 0)]
    return days * prod(len(_numbers(parts, name)) or 1 for name in inner)


def _days(parts: Parts, starts: datetime) -> Iterator[datetime]:
    """A moment on each day that the rule comes to within a hundred years, whatever else it says of it."""
    step = STEPS[parts["FREQ"]] * int(parts.get("INTERVAL", "1"))
    last = starts.year + MOST_YEARS
    if parts["FREQ"] == "WEEKLY":
        yield from (one + timedelta(days=day) for one in _walk(starts, step, last) for day in range(-6, 7))
    else:
        yield from _walk(starts, max(step, timedelta(days=1)), last)


def _walk(begin: datetime, step: timedelta, last: int) -> Iterator[datetime]:
    while begin.year <= min(last, 9998):
        yield begin
        begin += step


def _day_test(parts: Parts) -> Callable[[datetime], bool]:
    """Whether a day is one that the parts about days allow."""
    months, days, of_year = (set(_numbers(parts, name)) for name in ("BYMONTH", "BYMONTHDAY", "BYYEARDAY"))
    weekdays = {_WEEKDAYS.index(name) for name in parts.get("BYDAY", "").split(",") if name in _WEEKDAYS}

    def is_meant(day: datetime) -> bool:
        return (
            (not months or day.month in months)
            and (not weekdays or day.weekday() in weekdays)
            and (not days or bool(days & _both_ways(day.day, _length_of_month(day))))
            and (not of_year or bool(of_year & _both_ways(day.timetuple().tm_yday, 366 if _is_leap(day) else 365)))
        )

    return is_meant


def _both_ways(number: int, length: int) -> set[int]:
    """A place counted from the beginning and from the end."""
    return {number, number - length - 1}


def _length_of_month(day: datetime) -> int:
    return 28 if day.month == 2 and not _is_leap(day) else _DAYS_OF_MONTHS[day.month - 1]


def _is_leap(day: datetime) -> bool:
    return day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)


def _numbers(parts: Parts, name: str) -> list[int]:
    texts = parts[name].split(",") if name in parts else []
    if not all(re.fullmatch("[+-]?[0-9]{1,3}", text) for text in texts):
        raise Invalid(
            "event.rule",
            say("{name} has numbers separated by commas, not “{parts}”.", name=name, parts=parts[name][:20]),
        )
    return [int(text) for text in texts]
