"""What the properties of an event in an iCalendar file mean, as Google, Outlook and Apple write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

from . import rules
from .actions import EventFacts

if TYPE_CHECKING:
    from icalendar.cal import Component as Part

_DAY = timedelta(days=1)
_HTML = re.compile(r"<(?:p|br|a|b|i|ul|ol|div|span|strong|em|h[1-6])\b", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]*>(.*)</body>", re.IGNORECASE | re.DOTALL)
_CLEARED = re.compile(r"<(head|title|style)\b.*?</\1>", re.IGNORECASE | re.DOTALL)


def times(part: Part, name: str, default: str) -> EventFacts:
    """Beginning and end in the zone of that name."""
    begin, end = part.get("DTSTART"), part.get("DTEND")
    starts, is_date = _wall(begin, name, default), not isinstance(begin.dt, datetime)
    if end is not None:
        ends = _wall(end, name, default)
    else:
        length = part.get("DURATION")
        ends = starts + (length.dt if length is not None else _DAY if is_date else timedelta(0))
    all_day = is_date or (text(part, "X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE" and _whole_days(starts, ends))
    if all_day and ends == starts:
        ends = starts + _DAY
    rules.check_times(starts, ends, zone=name, all_day=all_day, lenient=True)
    return EventFacts(starts=starts, ends=ends, time_zone=name, all_day=all_day)


def repetition(part: Part, facts: EventFacts, zone: str) -> dict[str, Any]:
    found = [rule.to_ical().decode() for rule in _listed(part.get("RRULE"))]
    name = facts.time_zone
    return {
        "rules": tuple(rules.normal_rule(rule, starts=facts.starts, zone=name) for rule in found),
        "dates": tuple(sorted({at(one, facts, zone) for one in _dates(part, "RDATE")})),
        "exceptions": tuple(sorted({at(one, facts, zone) for one in _dates(part, "EXDATE")})),
    }


def _dates(part: Part, name: str) -> Iterable[Any]:
    """Single dates of a property that may stand several times, with several dates each; of a period its beginning."""
    for line in _listed(part.get(name)):
        for one in line.dts:
            value = one.dt[0] if isinstance(one.dt, tuple) else one.dt
            yield _Stamp(value, line.params)


@dataclass(frozen=True, slots=True)
class _Stamp:
    dt: date
    params: Mapping[str, str]


def at(stamp: Any, facts: EventFacts, zone: str) -> datetime:
    """A beginning in the wall time of its series; a day alone means the time at which that always begins."""
    found = _wall(stamp, facts.time_zone, zone)
    return found if isinstance(stamp.dt, datetime) else datetime.combine(found, facts.starts.time())


def zone_of(part: Part, default: str) -> str:
    """The zone whose wall time counts. One date in UTC is told as the clock here shows it, a series stays in UTC."""
    begin = part.get("DTSTART")
    if not isinstance(begin.dt, datetime) or begin.dt.tzinfo is None:
        return default
    named = known_zone(begin.params.get("TZID", ""))
    repeats = "RRULE" in part or "RDATE" in part
    return named or ("UTC" if repeats and "TZID" not in begin.params else default)


def _wall(stamp: Any, zone: str, default: str) -> datetime:
    value = stamp.dt
    if not isinstance(value, datetime):
        return datetime.combine(value, datetime.min.time())
    tzid = stamp.params.get("TZID", "")
    named = known_zone(tzid)
    if value.tzinfo is None and tzid and not named:
        raise invalid(say("Its time zone “{zone}” is unknown; choose another one in the calendar.", zone=tzid[:60]))
    source = ZoneInfo(named) if named else value.tzinfo or ZoneInfo(default)
    return value.replace(tzinfo=source).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def known_zone(name: str) -> str:
    """The IANA name behind a zone's name: Outlook has names of its own, others put a path before it."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    name = name.strip().strip('"')
    endings = [name, *("/".join(name.split("/")[-count:]) for count in (3, 2))]
    for one in (WINDOWS_TO_OLSON.get(name, ""), *endings):
        try:
            rules.check_zone(one)
        except Invalid:
            continue
        return one
    return ""


def description(part: Part) -> str:
    rich = next((str(one) for one in _listed(part.get("X-ALT-DESC")) if "html" in _format(one)), "")
    plain = text(part, "DESCRIPTION")
    if rich or _HTML.search(plain):
        return _CLEARED.sub("", _body(rich or plain))
    blocks = [block.strip() for block in re.split(r"\n\s*\n", plain.replace("\r\n", "\n")) if block.strip()]
    return "".join(f"<p>{escape(block, quote=False).replace(chr(10), '<br>')}</p>" for block in blocks)


def _body(markup: str) -> str:
    found = _BODY.search(markup)
    return found[1].strip() if found else markup


def _format(line: Any) -> str:
    return str(getattr(line, "params", {}).get("FMTTYPE", "")).lower()


def categories(part: Part) -> list[str]:
    return [str(name) for line in _listed(part.get("CATEGORIES")) for name in line.cats]


def is_in(part: Part, category: str) -> bool:
    return not category or category.casefold() in {name.strip().casefold() for name in categories(part)}


def is_cancelled(part: Part) -> bool:
    return text(part, "STATUS").upper() == "CANCELLED"


def _whole_days(starts: datetime, ends: datetime) -> bool:
    return starts.time() == ends.time() == datetime.min.time()


def text_of_date(value: date) -> str:
    return f"{value:%Y%m%dT%H%M%S}" if isinstance(value, datetime) else f"{value:%Y%m%d}"


def text(part: Part, name: str) -> str:
    return str(part.get(name, "")).strip()


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def invalid(sentence: str) -> Invalid:
    return Invalid("calendar.event", sentence)
