"""Decisions about events. Pure: no session, no clock."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from cityinfo.features import organizations
from cityinfo.kernel.errors import Invalid

from .recurrence import Series, joined, parts_of

FIRST_YEAR, LAST_YEAR = 1583, 9999
FIRST_REPEATED_YEAR = 1900
MOST_RULES = 5
MOST_COUNT = 5_000
MOST_INTERVAL = 1_000
MOST_DATES = 1_000
MOST_TIMES_A_DAY = 6
MOST_YEARS = 100  # a rule that ends later is taken for one without an end
MOST_LENGTH = timedelta(days=366 * 5)
_EVERYWHERE = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYDAY", "BYHOUR", "BYMINUTE", "BYSECOND"}
# As RFC 5545 has it. What it forbids can describe no date at all, and would be looked for until the end of time.
_PARTS = {
    "DAILY": _EVERYWHERE | {"BYMONTHDAY"},
    "WEEKLY": _EVERYWHERE,
    "MONTHLY": _EVERYWHERE | {"BYMONTHDAY", "BYSETPOS"},
    "YEARLY": _EVERYWHERE | {"BYMONTHDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"},
}
_DAYS_OF_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
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
_STAMP = "%Y%m%dT%H%M%S"


def check_times(starts: datetime, ends: datetime, *, zone: str, all_day: bool, lenient: bool) -> None:
    """Raise `Invalid` when an event cannot take place like this. `lenient` allows one without duration."""
    check_zone(zone)
    if starts.tzinfo or ends.tzinfo:
        raise Invalid("event.wall_time", "Write when the event begins and ends as the clock there shows it.")
    if starts.year < FIRST_YEAR or ends.year > LAST_YEAR:
        raise Invalid("event.year", f"An event takes place in the years {FIRST_YEAR} to {LAST_YEAR}.")
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
        raise Invalid("event.time_zone", f"“{name[:60]}” is no time zone; write one such as Europe/Berlin.") from None


def check_addresses(*addresses: str) -> None:
    """Links that readers' apps could not open are refused."""
    for address in addresses:
        if address and not organizations.is_web_address(address):
            raise Invalid("event.address", f"“{address[:100]}” is no web address; write it with https://.")


def check_size(rules: Collection[str], dates: Collection[datetime], exceptions: Collection[datetime]) -> None:
    if len(rules) > MOST_RULES:
        raise Invalid("event.rules", f"An event repeats after at most {MOST_RULES} rules.")
    if max(len(dates), len(exceptions)) > MOST_DATES:
        raise Invalid("event.dates", f"An event has at most {MOST_DATES} additional or cancelled dates.")


def normal_rule(rule: str, *, starts: datetime, zone: str) -> str:
    """The rule as it is kept: checked, and UNTIL in wall time. Raises `Invalid` with the part that cannot be used."""
    parts = _split(rule)
    if starts.year < FIRST_REPEATED_YEAR:
        raise Invalid("event.year", f"What repeats begins in the year {FIRST_REPEATED_YEAR} or later.")
    _check_parts(parts, rule)
    _check_numbers(parts)
    _check_days(parts)
    if "UNTIL" in parts:
        until = _until(parts["UNTIL"], zone)
        del parts["UNTIL"]
        if until < starts:
            raise Invalid("event.until", "The repetition ends before the event begins; choose a later end.")
        if until.year - starts.year <= MOST_YEARS:
            parts["UNTIL"] = until.strftime(_STAMP)
    normal = joined(parts)
    try:
        rrulestr(normal, dtstart=starts)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError):
        raise _unusable(rule) from None
    return normal


def check_start(series: Series) -> None:
    """The first date must be one that every rule describes: calendars disagree about what such a series means."""
    for rule in series.rules:
        if not matches(rule, series.starts):
            raise Invalid(
                "event.start",
                f"The event begins on a day that its rule ({rule}) does not describe; change one.",
            )


def matches(rule: str, starts: datetime) -> bool:
    """Whether a rule's first date is the beginning itself."""
    return next(iter(rrulestr(rule, dtstart=starts)), None) == starts


def _split(rule: str) -> dict[str, str]:
    text = "".join(rule.split()).upper().removeprefix("RRULE:").strip(";")
    try:
        parts = parts_of(text)
    except ValueError:
        raise _unusable(rule) from None
    if len(parts) != text.count(";") + 1:
        raise Invalid("event.rule", f"“{rule[:100]}” says one thing twice; write every part once.")
    return parts


def _unusable(rule: str) -> Invalid:
    return Invalid("event.rule", f"“{rule[:100]}” is no rule; write one such as FREQ=WEEKLY;BYDAY=TU.")


def _check_parts(parts: Mapping[str, str], rule: str) -> None:
    frequency = parts.get("FREQ", "")
    if frequency in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise Invalid("event.frequency", "An event repeats daily or less often; give its times of the day as BYHOUR.")
    if frequency not in _PARTS:
        raise _unusable(rule)
    for part in parts.keys() - _PARTS[frequency]:
        raise Invalid("event.rule", f"{part[:20]} cannot stand in a rule with FREQ={frequency}; leave it out.")
    if "COUNT" in parts and "UNTIL" in parts:
        raise Invalid("event.rule", "A rule has an end (UNTIL) or a number of times (COUNT), not both.")


def _check_numbers(parts: Mapping[str, str]) -> None:
    for name, most in (("INTERVAL", MOST_INTERVAL), ("COUNT", MOST_COUNT)):
        text = parts.get(name, "1")
        if not re.fullmatch("[0-9]{1,6}", text) or not 1 <= int(text) <= most:
            raise Invalid("event.rule", f"{name} is a number from 1 to {most}, not “{text[:20]}”.")
    for name, (least, most, backwards) in _RANGES.items():
        if not all(least <= (abs(one) if backwards else one) <= most for one in _numbers(parts, name)):
            raise Invalid("event.rule", f"{name} has numbers from {least} to {most}, not “{parts[name][:20]}”.")
    times = [len(parts.get(name, "").split(",")) for name in ("BYHOUR", "BYMINUTE", "BYSECOND")]
    if times[0] * times[1] * times[2] > MOST_TIMES_A_DAY:
        raise Invalid("event.rule", f"An event takes place at most {MOST_TIMES_A_DAY} times a day.")


def _numbers(parts: Mapping[str, str], name: str) -> list[int]:
    texts = parts[name].split(",") if name in parts else []
    if not all(re.fullmatch("[+-]?[0-9]{1,3}", text) for text in texts):
        raise Invalid("event.rule", f"{name} has numbers separated by commas, not “{parts[name][:20]}”.")
    return [int(text) for text in texts]


def _check_days(parts: Mapping[str, str]) -> None:
    if parts["FREQ"] not in ("MONTHLY", "YEARLY") and re.search("[0-9]", parts.get("BYDAY", "")):
        raise Invalid("event.rule", "Numbered weekdays such as 1MO need FREQ=MONTHLY or FREQ=YEARLY.")
    longest = max((_DAYS_OF_MONTHS[month - 1] for month in _numbers(parts, "BYMONTH")), default=31)
    days = _numbers(parts, "BYMONTHDAY")
    if days and all(abs(day) > longest for day in days):
        raise Invalid("event.rule", "No month has such a day; change BYMONTHDAY or BYMONTH.")


def _until(text: str, zone: str) -> datetime:
    """When the repetition ends, in wall time. A day alone counts to its end."""
    try:
        if re.fullmatch("[0-9]{8}", text):
            return datetime.strptime(text + "T235959", _STAMP)  # noqa: DTZ007 - wall time
        until = datetime.strptime(text.removesuffix("Z"), _STAMP)  # noqa: DTZ007
        if text.endswith("Z"):
            until = until.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise Invalid("event.until", f"UNTIL is a day such as 20261231, not “{text[:30]}”.") from None
    return until


def _is_midnight(wall: datetime) -> bool:
    return (wall.hour, wall.minute, wall.second, wall.microsecond) == (0, 0, 0, 0)


def stamps(moments: Sequence[datetime]) -> list[str]:
    return [one.isoformat() for one in sorted(set(moments))]
