"""Decisions about events. Pure: no session, no clock."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from cityinfo.features import organizations
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import either, say

from . import repetition
from .recurrence import Series, joined, parts_of

FIRST_YEAR, LAST_YEAR = 1583, 9999
FIRST_REPEATED_YEAR = 1900
MOST_RULES = 5
MOST_DATES = 1_000
MOST_YEARS = 100  # a rule that ends later is taken for one without an end
MOST_LENGTH = timedelta(days=366 * 5)
_STAMP = "%Y%m%dT%H%M%S"


def check_times(starts: datetime, ends: datetime, *, zone: str, all_day: bool, lenient: bool) -> None:
    """Raise `Invalid` when an event cannot take place like this. `lenient` allows one without duration."""
    check_zone(zone)
    if starts.tzinfo or ends.tzinfo:
        raise Invalid("event.wall_time", "Write when the event begins and ends as the clock there shows it.")
    if starts.year < FIRST_YEAR or ends.year > LAST_YEAR:
        raise Invalid(
            "event.year",
            say(
                "An event takes place in the years {first_year} to {last_year}.",
                first_year=FIRST_YEAR,
                last_year=LAST_YEAR,
            ),
        )
    if ends < starts or (ends == starts and not lenient):
        raise Invalid("event.end", "The event ends before it begins; choose a later end.")
    if ends - starts > MOST_LENGTH:
        raise Invalid("event.length", "The event lasts longer than five years; choose an earlier end.")
    if all_day and not (_is_midnight(starts) and _is_midnight(ends)):
        raise Invalid("event.all_day", "What lasts all day begins at midnight and ends at the midnight after.")


def check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: “Europe” is a folder
        raise Invalid(
            "event.time_zone", say("“{name}” is no time zone; write one such as Europe/Berlin.", name=name[:60])
        ) from None


def check_addresses(*addresses: str) -> None:
    """Links that readers' apps could not open are refused."""
    for address in addresses:
        if address and not organizations.is_web_address(address):
            raise Invalid(
                "event.address", say("“{address}” is no web address; write it with https://.", address=address[:100])
            )


def check_size(rules: Collection[str], dates: Collection[datetime], exceptions: Collection[datetime]) -> None:
    if len(rules) > MOST_RULES:
        raise Invalid("event.rules", say("An event repeats after at most {most} rules.", most=MOST_RULES))
    if max(len(dates), len(exceptions)) > MOST_DATES:
        raise Invalid("event.dates", say("An event has at most {most} additional or cancelled dates.", most=MOST_DATES))


def normal_rule(rule: str, *, starts: datetime, zone: str) -> str:
    """The rule as it is kept: checked, and UNTIL in wall time. Raises `Invalid` with the part that cannot be used."""
    parts = _split(rule)
    if starts.year < FIRST_REPEATED_YEAR:
        raise Invalid(
            "event.year",
            say(
                "What repeats begins in the year {first_repeated_year} or later.",
                first_repeated_year=FIRST_REPEATED_YEAR,
            ),
        )
    if not repetition.is_frequency(parts.get("FREQ", "")):
        raise _unusable(rule)
    repetition.check(parts)
    if "UNTIL" in parts:
        until = _until(parts["UNTIL"], zone)
        del parts["UNTIL"]
        if until < starts:
            raise Invalid("event.until", "The repetition ends before the event begins; choose a later end.")
        if until.year - starts.year <= MOST_YEARS:
            parts["UNTIL"] = until.strftime(_STAMP)
    normal = joined(parts)
    repetition.check_dates(parts, starts)
    try:
        first = next(iter(rrulestr(normal, dtstart=starts)), None)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError):
        raise _unusable(rule) from None
    if first is None and "UNTIL" not in parts:
        raise Invalid("event.rule", say("“{rule}” describes no date at all; change one of its parts.", rule=rule[:100]))
    return normal


def check_start(series: Series) -> None:
    """The first date must be one that a rule describes: calendars disagree about what other series mean."""
    if series.rules and not any(matches(rule, series.starts) for rule in series.rules):
        raise Invalid(
            "event.start",
            say(
                "The event begins on a day that its rule ({choices}) does not describe; change one.",
                choices=either(series.rules),
            ),
        )


def matches(rule: str, starts: datetime) -> bool:
    """Whether a rule's first date is the beginning itself."""
    return next(iter(rrulestr(rule, dtstart=starts)), None) == starts


def _split(rule: str) -> dict[str, str]:
    text = "".join(rule.split()).upper().removeprefix("RRULE:").strip(";")
    text = re.sub(r"(?<=;BYSECOND=)[0-9,]+", _without_leap_seconds, text)
    try:
        parts = parts_of(text)
    except ValueError:
        raise _unusable(rule) from None
    if len(parts) != text.count(";") + 1:
        raise Invalid("event.rule", say("“{rule}” says one thing twice; write every part once.", rule=rule[:100]))
    return parts


def _without_leap_seconds(seconds: re.Match[str]) -> str:
    """Second 60 is second 59 for clocks that do not know it (RFC 5545, 3.3.10)."""
    return re.sub(r"\b60\b", "59", seconds[0])


def _unusable(rule: str) -> Invalid:
    return Invalid("event.rule", say("“{rule}” is no rule; write one such as FREQ=WEEKLY;BYDAY=TU.", rule=rule[:100]))


def _until(text: str, zone: str) -> datetime:
    """When the repetition ends, in wall time. A day alone counts to its end."""
    try:
        if re.fullmatch("[0-9]{8}", text):
            return datetime.strptime(text + "T235959", _STAMP)  # noqa: DTZ007 - wall time
        until = datetime.strptime(text.removesuffix("Z"), _STAMP)  # noqa: DTZ007
        if text.endswith("Z"):
            until = until.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise Invalid("event.until", say("UNTIL is a day such as 20261231, not “{text}”.", text=text[:30])) from None
    return until


def _is_midnight(wall: datetime) -> bool:
    return (wall.hour, wall.minute, wall.second, wall.microsecond) == (0, 0, 0, 0)


def stamps(moments: Iterable[datetime]) -> list[str]:
    return [one.isoformat() for one in sorted(set(moments))]
