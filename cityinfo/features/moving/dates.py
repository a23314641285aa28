"""Events as the old system tells them: a rule, or one entry for every date. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cityinfo.features import events
from cityinfo.kernel.i18n import say

from .answers import Object
from .grouping import Rows, all_said, first, grouped, key_of
from .types import Found, Report

_DATED = re.compile(r"\$[0-9-]+(?=/|$)")  # what tells one date of an event from the others
_MINUTE = timedelta(minutes=1)


def events_of(rows: Rows, zone: str, report: Report) -> list[Found]:
    """Every event once, whatever it comes as. One that does not say when it is stays there."""
    whole = {language: _combined(some) for language, some in rows.items()}
    found = []
    for group in grouped(whole):
        facts = _facts(first(group), zone)
        if facts is None:
            report.note(first(group).path, say("It does not say when it takes place."))
            continue
        number = first(group).object("event").identity()
        found.append(
            Found(kind=events.KIND, key=key_of(group, number), texts=all_said(group), facts=facts, id_v3=number)
        )
    return found


def _combined(rows: Sequence[Object]) -> list[Object]:
    """Dates of one event that come one by one are one event again."""
    by_path: dict[str, list[Object]] = {}
    for one in rows:
        by_path.setdefault(_DATED.sub("", one.path), []).append(one)
    return [some[0] if len(some) == 1 and "$" not in some[0].path else _as_one(some) for some in by_path.values()]


def _as_one(dates: Sequence[Object]) -> Object:
    ordered = sorted(dates, key=lambda one: one.object("event").text("start"))
    values = dict(ordered[0].values)
    others = {language: {"path": _DATED.sub("", other.text("path"))} for language, other in ordered[0].others.items()}
    values |= {
        "path": _DATED.sub("", ordered[0].text("path")),
        "available_languages": others,
        "dates": [one.object("event").text("start") for one in ordered[1:]],
    }
    return Object(values)


def _facts(one: Object, zone: str) -> dict[str, Any] | None:
    event = one.object("event")
    said_zone = event.text("timezone")
    zone_info = _zone(said_zone) or _zone(zone) or ZoneInfo("UTC")
    starts, ends = event.moment("start"), event.moment("end")
    if starts is None:
        return None
    begin = starts.astimezone(zone_info).replace(tzinfo=None)
    end = max((ends or starts).astimezone(zone_info).replace(tzinfo=None), begin)
    all_day = event.flag("all_day")
    if all_day:
        begin = begin.replace(hour=0, minute=0, second=0, microsecond=0)
        end = (end + _MINUTE).replace(hour=0, minute=0, second=0, microsecond=0)
        end = end if end > begin else begin + timedelta(days=1)
    facts: dict[str, Any] = {
        "starts": begin,
        "ends": end,
        "time_zone": said_zone if _zone(said_zone) and said_zone != zone else "",
        "all_day": all_day,
        "only_weekdays": event.flag("only_weekdays"),
        "rules": rules_of(one.text("recurrence_rule")),
        "dates": _dates(one, zone_info),
        "meeting_url": one.text("meeting_url"),
        "location": str(one.object("location").identity() or ""),
        "picture": one.text("thumbnail"),
    }
    return {name: value for name, value in facts.items() if value not in ("", None, False, [])}


def _dates(one: Object, zone: ZoneInfo) -> list[datetime]:
    said = one.values.get("dates")
    moments = map(datetime.fromisoformat, said) if isinstance(said, list) else ()
    return [moment.astimezone(zone).replace(tzinfo=None) for moment in moments]


def rules_of(text: str) -> list[str]:
    """The rule, counted by the clock on the wall: its end is told in UTC there, without a sign of it."""
    rules = [line.removeprefix("RRULE:") for line in text.splitlines() if line.startswith("RRULE:")]
    return [re.sub(r"(UNTIL=\d{8}T\d{6})(?!Z|\d)", r"\1Z", rule) for rule in rules[:1]]


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: “Europe” is a folder
        return None
