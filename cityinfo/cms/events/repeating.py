"""How an event repeats, as the form asks for it: one rule of those that people say in a sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cityinfo.features.events import parts_of

ONCE, DAILY, WEEKLY, MONTHLY, YEARLY, OTHER = "once", "daily", "weekly", "monthly", "yearly", "other"
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SAME_DAY, SAME_WEEKDAY = "day", "weekday"
_WRITTEN = {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT", "WKST"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """`days` are weekdays from 0, of weekly ones; `monthly` says by what a month counts, `rules` is for `other`."""

    often: str = ONCE
    interval: int = 1
    days: Sequence[int] = ()
    monthly: str = SAME_DAY
    until: date | None = None
    count: int | None = None
    rules: Sequence[str] = ()


def rules_of(repeat: Repeat, starts: datetime) -> tuple[str, ...]:
    """The repetition as RFC 5545 writes it."""
    if repeat.often == ONCE:
        return ()
    if repeat.often == OTHER:
        return tuple(repeat.rules)
    parts = [f"FREQ={repeat.often.upper()}"]
    parts += [f"INTERVAL={repeat.interval}"] if repeat.interval > 1 else []
    if repeat.often == WEEKLY:
        days = sorted(set(repeat.days) or {starts.weekday()})
        parts.append("BYDAY=" + ",".join(DAYS[day] for day in days))
    if repeat.often == MONTHLY and repeat.monthly == SAME_WEEKDAY:
        parts.append(f"BYDAY={nth(starts)}{DAYS[starts.weekday()]}")
    if repeat.until is not None:
        parts.append(f"UNTIL={repeat.until:%Y%m%d}T235959")
    elif repeat.count is not None:
        parts.append(f"COUNT={repeat.count}")
    return (";".join(parts),)


def repeat_of(rules: Sequence[str], starts: datetime) -> Repeat:
    """What the form shows of rules; `other` for those that it could not write again."""
    if not rules:
        return Repeat()
    found = _read(rules[0], starts)
    return found if found is not None and len(rules) == 1 else Repeat(often=OTHER, rules=tuple(rules))


def nth(starts: datetime) -> int:
    """The how manieth of its weekday in the month a day is; -1 for the fifth, which not every month has."""
    number = (starts.day - 1) // 7 + 1
    return number if number < 5 else -1


def _read(rule: str, starts: datetime) -> Repeat | None:
    parts = parts_of(rule)
    often, by_day = parts["FREQ"].lower(), parts.get("BYDAY", "")
    if not parts.keys() <= _WRITTEN or often not in (DAILY, WEEKLY, MONTHLY, YEARLY):
        return None
    days: tuple[int, ...] = ()
    monthly = SAME_DAY
    if often == WEEKLY:
        days = tuple(DAYS.index(one) for one in by_day.split(",") if one in DAYS) or (starts.weekday(),)
    elif often == MONTHLY and by_day == f"{nth(starts)}{DAYS[starts.weekday()]}":
        monthly = SAME_WEEKDAY
    elif by_day:
        return None
    until = date.fromisoformat(parts["UNTIL"][:8]) if "UNTIL" in parts else None
    count = int(parts["COUNT"]) if "COUNT" in parts else None
    interval = int(parts.get("INTERVAL", "1"))
    return Repeat(often=often, interval=interval, days=days, monthly=monthly, until=until, count=count)
