"""Reading iCalendar files as Google, Outlook and Apple write them. Pure: no session, no clock."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cityinfo.features import content, organizations
from cityinfo.kernel import html
from cityinfo.kernel.errors import Invalid

from . import rules
from .actions import EventFacts, normal_categories
from .recurrence import Series, Times

if TYPE_CHECKING:
    from icalendar.cal import Component as Part

MOST_BYTES = 10_000_000
MOST_EVENTS = 5_000
_DAY = timedelta(days=1)
_HTML = re.compile(r"<(?:p|br|a|b|i|ul|ol|div|span|strong|em|h[1-6])\b", re.IGNORECASE)
_BODY = re.compile(r"<body\b[^>]*>(.*)</body>", re.IGNORECASE | re.DOTALL)
_CLEARED = re.compile(r"<(head|title|style)\b.*?</\1>", re.IGNORECASE | re.DOTALL)

Override = tuple[datetime, Times | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """An event as a calendar says it. `content` is sanitised, `place` is where it takes place, in words."""

    uid: str
    sequence: int
    title: str
    content: str
    place: str
    facts: EventFacts
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """What cannot be taken over, and why in one sentence."""

    uid: str
    title: str
    reason: str


@dataclass(slots=True)
class Read:
    """A calendar file: what can be taken over, and what cannot."""

    found: dict[str, Component] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def uids(self) -> set[str]:
        """All that the file names, so that what cannot be read for once has not vanished."""
        return set(self.found) | {one.uid for one in self.rejected}


def read(body: bytes, *, zone: str, category: str = "") -> Read:
    """Read a file; times without a zone are in the calendar's own, else in `zone`. `Invalid` if it is no calendar."""
    from icalendar import Calendar  # only the worker reads calendars

    try:
        with warnings.catch_warnings(action="ignore"):  # what is odd is judged below, event by event
            calendars = Calendar.from_ical(body, multiple=True)
    except (ValueError, IndexError, KeyError, AttributeError, TypeError):
        raise Invalid("calendar.unreadable", "This is no calendar that can be read; check the address.") from None
    if not calendars or any(one.name != "VCALENDAR" for one in calendars):
        raise Invalid("calendar.unreadable", "This is no calendar that can be read; check the address.")
    result = Read()
    for calendar in calendars:
        _read_calendar(calendar, _known_zone(str(calendar.get("X-WR-TIMEZONE", ""))) or zone, category, result)
    return result


def _read_calendar(calendar: Part, zone: str, category: str, result: Read) -> None:
    parts = [one for one in calendar.walk("VEVENT") if _is_in(one, category)]
    if len(parts) > MOST_EVENTS:
        raise Invalid("calendar.too_many", f"The calendar has {len(parts)} events; {MOST_EVENTS} is the most.")
    singles = [one for one in parts if "RECURRENCE-ID" in one]
    for part in parts:
        if "RECURRENCE-ID" not in part:
            _try(result, part, lambda part: _take(result, _component(part, zone)))
    for part in singles:
        _try(result, part, lambda part: _take_single(result, part, zone))


def _try(result: Read, part: Part, take: Callable[[Part], None]) -> None:
    try:
        take(part)
    except Invalid as problem:
        result.rejected.append(Rejected(_text(part, "UID"), _text(part, "SUMMARY"), problem.message))
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
        reason = "One of its dates or rules cannot be read; check it in the calendar."
        result.rejected.append(Rejected(_text(part, "UID"), _text(part, "SUMMARY"), reason))


def _take(result: Read, component: Component | None) -> None:
    if component is None:
        return
    known = result.found.get(component.uid)
    if known is None or known.sequence <= component.sequence:
        result.found[component.uid] = component


def _take_single(result: Read, part: Part, zone: str) -> None:
    """One occurrence that differs from its series; one whose series is not in the file is an event of its own."""
    uid = _text(part, "UID")
    series = result.found.get(uid)
    if series is None:
        if uid not in result.uids:
            own = _component(part, zone)
            original = _text_of_date(part.get("RECURRENCE-ID").dt)
            _take(result, own and replace(own, uid=f"{uid}/{original}"))
        return
    result.found[uid] = replace(series, overrides=(*series.overrides, _override(part, series, zone)))


def _override(part: Part, series: Component, zone: str) -> Override:
    recurrence_id = part.get("RECURRENCE-ID")
    if recurrence_id.params.get("RANGE"):
        raise _invalid("It changes all occurrences from a date on; make two series of it in the calendar.")
    facts = series.facts
    original = _at(recurrence_id, facts, zone)
    if not _series(facts).has(original):
        raise _invalid(f"It changes the occurrence of {original:%Y-%m-%d}, which its series does not have.")
    if _is_cancelled(part):
        return original, None
    own = _times(part, facts.time_zone, zone)
    return original, (own.starts, own.ends)


def _component(part: Part, zone: str) -> Component | None:
    """An event; None for one that is cancelled. Raises `Invalid` for what cannot be taken over."""
    if _is_cancelled(part):
        return None
    uid, title = _text(part, "UID"), _text(part, "SUMMARY")
    _check_part(part, uid, title)
    facts = _times(part, _zone_of(part, zone), zone)
    place = _text(part, "LOCATION")
    facts = replace(
        facts,
        **_repetition(part, facts, zone),
        categories=tuple(normal_categories(_categories(part))),
        meeting_url=place if organizations.is_web_address(place) else "",
    )
    rules.check_size(facts.rules, facts.dates, facts.exceptions)
    return Component(
        uid=uid,
        sequence=int(part.get("SEQUENCE", 0)),
        title=content.check_title(title),
        content=html.sanitise(_description(part)),
        place="" if facts.meeting_url else place,
        facts=facts,
    )


def _check_part(part: Part, uid: str, title: str) -> None:
    if not uid or len(uid) > 500:
        raise _invalid("It has no UID by which it could be recognised; export it anew.")
    if not title:
        raise _invalid("It has no title; give it one in the calendar.")
    if _text(part, "CLASS").upper() in ("PRIVATE", "CONFIDENTIAL"):
        raise _invalid("It is marked as private in the calendar.")
    if not hasattr(part.get("DTSTART"), "dt"):
        raise _invalid("When it begins is missing or cannot be read.")


def _times(part: Part, name: str, default: str) -> EventFacts:
    """Beginning and end in the zone of that name."""
    begin, end = part.get("DTSTART"), part.get("DTEND")
    starts, is_date = _wall(begin, name, default), not isinstance(begin.dt, datetime)
    if end is not None:
        ends = _wall(end, name, default)
    else:
        length = part.get("DURATION")
        ends = starts + (length.dt if length is not None else _DAY if is_date else timedelta(0))
    all_day = is_date or (_text(part, "X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE" and _whole_days(starts, ends))
    if all_day and ends == starts:
        ends = starts + _DAY
    rules.check_times(starts, ends, zone=name, all_day=all_day, lenient=True)
    return EventFacts(starts=starts, ends=ends, time_zone=name, all_day=all_day)


def _repetition(part: Part, facts: EventFacts, zone: str) -> dict[str, Any]:
    found = [rule.to_ical().decode() for rule in _listed(part.get("RRULE"))]
    name = facts.time_zone
    return {
        "rules": tuple(rules.normal_rule(rule, starts=facts.starts, zone=name) for rule in found),
        "dates": tuple(sorted({_at(one, facts, zone) for one in _dates(part, "RDATE")})),
        "exceptions": tuple(sorted({_at(one, facts, zone) for one in _dates(part, "EXDATE")})),
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


def _at(stamp: Any, facts: EventFacts, zone: str) -> datetime:
    """A beginning in the wall time of its series; a day alone means the time at which that always begins."""
    found = _wall(stamp, facts.time_zone, zone)
    return found if isinstance(stamp.dt, datetime) else datetime.combine(found, facts.starts.time())


def _zone_of(part: Part, default: str) -> str:
    """The zone whose wall time counts. One date in UTC is told as the clock here shows it, a series stays in UTC."""
    begin = part.get("DTSTART")
    if not isinstance(begin.dt, datetime) or begin.dt.tzinfo is None:
        return default
    named = _known_zone(begin.params.get("TZID", ""))
    repeats = "RRULE" in part or "RDATE" in part
    return named or ("UTC" if repeats and "TZID" not in begin.params else default)


def _wall(stamp: Any, zone: str, default: str) -> datetime:
    value = stamp.dt
    if not isinstance(value, datetime):
        return datetime.combine(value, datetime.min.time())
    tzid = stamp.params.get("TZID", "")
    named = _known_zone(tzid)
    if value.tzinfo is None and tzid and not named:
        raise _invalid(f"Its time zone “{tzid[:60]}” is unknown; choose another one in the calendar.")
    source = ZoneInfo(named) if named else value.tzinfo or ZoneInfo(default)
    return value.replace(tzinfo=source).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _known_zone(name: str) -> str:
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


def _description(part: Part) -> str:
    rich = next((str(one) for one in _listed(part.get("X-ALT-DESC")) if "html" in _format(one)), "")
    plain = _text(part, "DESCRIPTION")
    if rich or _HTML.search(plain):
        return _CLEARED.sub("", _body(rich or plain))
    blocks = [block.strip() for block in re.split(r"\n\s*\n", plain.replace("\r\n", "\n")) if block.strip()]
    return "".join(f"<p>{escape(block, quote=False).replace(chr(10), '<br>')}</p>" for block in blocks)


def _body(markup: str) -> str:
    found = _BODY.search(markup)
    return found[1].strip() if found else markup


def _format(line: Any) -> str:
    return str(getattr(line, "params", {}).get("FMTTYPE", "")).lower()


def _categories(part: Part) -> list[str]:
    return [str(name) for line in _listed(part.get("CATEGORIES")) for name in line.cats]


def _is_in(part: Part, category: str) -> bool:
    return not category or category.casefold() in {name.strip().casefold() for name in _categories(part)}


def _is_cancelled(part: Part) -> bool:
    return _text(part, "STATUS").upper() == "CANCELLED"


def _series(facts: EventFacts) -> Series:
    return Series(
        starts=facts.starts,
        ends=facts.ends,
        zone=facts.time_zone,
        rules=tuple(facts.rules),
        dates=tuple(facts.dates),
        exceptions=frozenset(facts.exceptions),
    )


def _whole_days(starts: datetime, ends: datetime) -> bool:
    return starts.time() == ends.time() == datetime.min.time()


def _text_of_date(value: date) -> str:
    return f"{value:%Y%m%dT%H%M%S}" if isinstance(value, datetime) else f"{value:%Y%m%d}"


def _text(part: Part, name: str) -> str:
    return str(part.get(name, "")).strip()


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _invalid(sentence: str) -> Invalid:
    return Invalid("calendar.event", sentence)
