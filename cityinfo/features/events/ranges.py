"""A series whose dates change from one of them on (RANGE=THISANDFUTURE) becomes two: what was before, and the rest.

The first keeps its identity, so its dates keep theirs. Pure: no session, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

from cityinfo.kernel.errors import Invalid

from . import rules
from .actions import EventFacts
from .recurrence import Series, Times, joined, parts_of

LISTED_AHEAD = timedelta(days=3_660)  # how far a rest that no rule describes is listed
_SECOND = timedelta(seconds=1)
_STAMP = "%Y%m%dT%H%M%S"
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ENDS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_TIMES_OF_DAY = {"BYHOUR", "BYMINUTE", "BYSECOND"}


def series_of_facts(facts: EventFacts) -> Series:
    """When an event takes place of which this is said."""
    return Series(
        starts=facts.starts,
        ends=facts.ends,
        zone=facts.time_zone,
        rules=tuple(facts.rules),
        dates=tuple(facts.dates),
        exceptions=frozenset(facts.exceptions),
    )


def before(facts: EventFacts, original: datetime) -> EventFacts | None:
    """The series up to a date, without it; None when there is nothing before."""
    head = replace(
        facts,
        rules=tuple(_ended(rule, original - _SECOND) for rule in facts.rules) if original > facts.starts else (),
        dates=tuple(one for one in facts.dates if one < original),
        exceptions=tuple(one for one in facts.exceptions if one < original),
    )
    earliest = min([facts.starts, *head.dates])
    return head if earliest < original else None


def rest(facts: EventFacts, original: datetime, times: Times) -> EventFacts:
    """The series from a date on, all of it moved as this date is. `Invalid` when that cannot be written."""
    shift = times[0] - original
    tail = replace(facts, starts=times[0], ends=times[1])
    rule = _continued(facts, original, shift)
    if rule is None:
        return replace(tail, rules=(), exceptions=(), dates=_listed(facts, original, shift))
    return replace(
        tail,
        rules=(rule,),
        dates=tuple(one + shift for one in facts.dates if one >= original),
        exceptions=tuple(one + shift for one in facts.exceptions if one >= original),
    )


def _ended(rule: str, until: datetime) -> str:
    parts = parts_of(rule)
    parts.pop("COUNT", None)
    parts["UNTIL"] = min(until.strftime(_STAMP), parts.get("UNTIL", "9"))
    return joined(parts)


def _continued(facts: EventFacts, original: datetime, shift: timedelta) -> str | None:
    """The rule of the rest; None when no single rule says it."""
    if len(facts.rules) != 1:
        return None
    found = rrulestr(facts.rules[0], dtstart=facts.starts)
    parts = _moved(parts_of(facts.rules[0]), original, shift)
    if parts is None or original not in found:
        return None
    if "COUNT" in parts:
        parts["COUNT"] = str(sum(one >= original for one in found))
    if "UNTIL" in parts:
        parts["UNTIL"] = (datetime.fromisoformat(parts["UNTIL"]) + shift).strftime(_STAMP)
    return joined(parts)


def _moved(parts: dict[str, str], original: datetime, shift: timedelta) -> dict[str, str] | None:
    """The parts of a rule whose dates are all moved; None when no parts say that."""
    if shift and (parts["FREQ"] in ("SECONDLY", "MINUTELY", "HOURLY") or parts.keys() & _TIMES_OF_DAY):
        return None
    days = ((original + shift).date() - original.date()).days
    if days == 0 or (parts["FREQ"] == "DAILY" and parts.keys() <= _ENDS):
        return parts
    if parts["FREQ"] != "WEEKLY" or not parts.keys() <= _ENDS | {"BYDAY"}:
        return None
    weekdays = [_turned(name, days) for name in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    return {
        **parts,
        "WKST": _turned(parts.get("WKST", "MO"), days),
        **({"BYDAY": ",".join(weekdays)} if weekdays else {}),
    }


def _turned(weekday: str, days: int) -> str:
    return _WEEKDAYS[(_WEEKDAYS.index(weekday) + days) % 7]


def _listed(facts: EventFacts, original: datetime, shift: timedelta) -> Sequence[datetime]:
    found = series_of_facts(facts).beginnings(original, original + LISTED_AHEAD)
    if len(found) > rules.MOST_DATES:
        raise Invalid(
            "calendar.range", "It moves too many dates that no rule describes; make two series of it in the calendar."
        )
    return tuple(sorted(one + shift for one in found if one > original))
