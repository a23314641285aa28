"""Seven days as the old system tells them, as rules of opening hours. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from .answers import Object

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_TIME = re.compile("[0-2][0-9]:[0-5][0-9]")
_APPOINTMENT = ' "by appointment"'


def rules_of(week: Sequence[Object]) -> str:
    """Empty when nothing is said, as for a week that is closed throughout."""
    if len(week) != len(_DAYS):
        return ""
    times = [_day(one) for one in week]
    rules = []
    for when, days in groupby(zip(_DAYS, times, strict=True), key=lambda one: one[1]):
        names = [name for name, _ in days]
        if when:
            rules.append(f"{names[0] if len(names) == 1 else f'{names[0]}-{names[-1]}'}{when}")
    return "; ".join(rules)


def _day(day: Object) -> str:
    if day.flag("closed"):
        return ""
    comment = _APPOINTMENT if day.flag("appointmentOnly") else ""
    if day.flag("allDay"):
        return f" 00:00-24:00{comment}"
    slots = ((one.text("start")[:5], one.text("end")[:5]) for one in day.objects("timeSlots"))
    spans = [f"{start}-{_end(end)}" for start, end in slots if _TIME.fullmatch(start) and _TIME.fullmatch(end)]
    return (f" {','.join(spans)}" if spans else "") + comment


def _end(time: str) -> str:
    """The last minute stands for the end of the day, which no slot can say there."""
    return "24:00" if time == "23:59" else time
