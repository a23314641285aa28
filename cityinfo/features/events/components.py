"""Reading iCalendar files as Google, Outlook and Apple write them. Pure: no session, no clock."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cityinfo.features import content, organizations
from cityinfo.kernel import html
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

from . import properties, ranges, rules
from .actions import EventFacts, normal_categories
from .recurrence import Times

if TYPE_CHECKING:
    from icalendar.cal import Component as Part

MOST_BYTES = 10_000_000
MOST_EVENTS = 5_000

_ALWAYS = datetime(1, 1, 1)  # noqa: DTZ001 - wall time

Override = tuple[datetime, Times | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """What a calendar says of one occurrence of a series; `original` is when the series has it begin."""

    original: datetime
    title: str
    content: str
    place: str
    meeting_url: str


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
    occurrences: tuple[Single, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """What cannot be taken over, why in one sentence, and in which line of the file it begins (0: not known)."""

    uid: str
    title: str
    reason: str
    line: int = 0

    def written(self) -> dict[str, Any]:
        """The same as it is kept and told."""
        return {"uid": self.uid, "title": self.title, "reason": self.reason, "line": self.line}


@dataclass(slots=True)
class Read:
    """A calendar file: what can be taken over, and what cannot. `lines` are those in which its parts begin."""

    found: dict[str, Component] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    lines: dict[int, int] = field(default_factory=dict)

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
    result = Read(lines=_lines(body, calendars))
    for calendar in calendars:
        _read_calendar(
            calendar, properties.known_zone(str(calendar.get("X-WR-TIMEZONE", ""))) or zone, category, result
        )
    return result


def _lines(body: bytes, calendars: Iterable[Part]) -> dict[int, int]:
    """In which lines events begin, by the identity of their parts; none where a file is too odd to tell."""
    begins = [number for number, line in enumerate(body.splitlines(), 1) if line.strip().upper() == b"BEGIN:VEVENT"]
    parts = [part for calendar in calendars for part in calendar.walk("VEVENT")]
    return {id(part): line for part, line in zip(parts, begins, strict=True)} if len(parts) == len(begins) else {}


def _read_calendar(calendar: Part, zone: str, category: str, result: Read) -> None:
    parts = [one for one in calendar.walk("VEVENT") if properties.is_in(one, category)]
    if len(parts) > MOST_EVENTS:
        raise Invalid(
            "calendar.too_many",
            say("The calendar has {number} events; {most} is the most.", number=len(parts), most=MOST_EVENTS),
        )
    singles = [one for one in parts if "RECURRENCE-ID" in one]
    segments: Segments = {}
    for part in parts:
        if "RECURRENCE-ID" not in part:
            _try(result, part, lambda part: _take(result, _component(part, zone)))
    for part in sorted(filter(_is_range, singles), key=_uid_of_occurrence):
        _try(result, part, lambda part: _take_range(result, segments, part, zone))
    for part in singles:
        if not _is_range(part):
            _try(result, part, lambda part: _take_single(result, segments, part, zone))


def _try(result: Read, part: Part, take: Callable[[Part], None]) -> None:
    uid = _uid_of_occurrence(part) if _is_range(part) else properties.text(part, "UID")
    title, line = properties.text(part, "SUMMARY"), result.lines.get(id(part), 0)
    try:
        take(part)
    except Invalid as problem:
        result.rejected.append(Rejected(uid, title, problem.message, line))
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
        reason = say("One of its dates or rules cannot be read; check it in the calendar.")
        result.rejected.append(Rejected(uid, title, reason, line))


def _take(result: Read, component: Component | None) -> None:
    if component is None:
        return
    known = result.found.get(component.uid)
    if known is None or known.sequence <= component.sequence:
        result.found[component.uid] = component


def _take_single(result: Read, segments: Segments, part: Part, zone: str) -> None:
    """One occurrence that differs from its series; one whose series is not in the file is an event of its own."""
    uid = properties.text(part, "UID")
    if uid not in result.found and uid not in segments:
        if uid not in result.uids:
            own = _component(part, zone)
            _take(result, own and replace(own, uid=_uid_of_occurrence(part)))
        return
    key, original = _place_in(result, segments, part, zone)
    series = result.found[key]
    times = _override(part, series, zone)
    others = [one for one in series.occurrences if one.original != original]
    if times is not None:
        others.append(_single(part, original, series))
    overrides = (*series.overrides, (original, times))
    result.found[key] = replace(series, overrides=overrides, occurrences=tuple(others))


def _take_range(result: Read, segments: Segments, part: Part, zone: str) -> None:
    """All occurrences from one on: they become a series of their own, whose UID says where it begins."""
    uid = properties.text(part, "UID")
    if uid not in result.found:
        raise properties.invalid(say("It changes a series that the calendar does not have."))
    segments.setdefault(uid, [_Segment(_ALWAYS, uid, timedelta(0), result.found[uid].facts)])
    key, original = _place_in(result, segments, part, zone)
    series = result.found[key]
    tail = None if properties.is_cancelled(part) else _rest(part, original, series, zone)
    head = ranges.before(series.facts, original)
    new_key = key if head is None else _uid_of_occurrence(part)
    del result.found[key]
    if head is not None:
        result.found[key] = replace(series, facts=head)
    if tail is not None:
        rules.check_size(tail.facts.rules, tail.facts.dates, tail.facts.exceptions)
        result.found[new_key] = replace(tail, uid=new_key)
        since = original - segments[uid][-1].shift
        segments[uid].append(_Segment(since, new_key, tail.facts.starts - since, segments[uid][0].facts))


def _rest(part: Part, original: datetime, series: Component, zone: str) -> Component:
    own = properties.times(part, series.facts.time_zone, zone)
    if "RRULE" in part:
        facts = replace(own, **properties.repetition(part, own, zone))
    else:
        facts = ranges.rest(series.facts, original, (own.starts, own.ends))
    said = _single(part, original, series)
    own_categories = tuple(normal_categories(properties.categories(part)))
    categories = own_categories if "CATEGORIES" in part else series.facts.categories
    return replace(
        series,
        sequence=int(part.get("SEQUENCE", series.sequence)),
        title=said.title,
        content=said.content,
        place=said.place,
        facts=replace(facts, all_day=own.all_day, categories=categories, meeting_url=said.meeting_url),
    )


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of a series that was split: from which date on, under which UID, and how far its dates are moved."""

    since: datetime
    uid: str
    shift: timedelta
    facts: EventFacts  # of the series as it was


Segments = dict[str, list[_Segment]]  # by UID, in order


def _place_in(result: Read, segments: Segments, part: Part, zone: str) -> tuple[str, datetime]:
    """Under which UID an occurrence is found, and when that series has it begin."""
    uid = properties.text(part, "UID")
    known = segments.get(uid) or [_Segment(_ALWAYS, uid, timedelta(0), result.found[uid].facts)]
    original = properties.at(part.get("RECURRENCE-ID"), known[0].facts, zone)
    segment = next(one for one in reversed(known) if one.since <= original)
    moved = original + segment.shift
    series = result.found.get(segment.uid)
    if series is None or not ranges.series_of_facts(series.facts).has(moved):
        raise properties.invalid(
            say("It changes the occurrence of {day}, which its series does not have.", day=f"{original:%Y-%m-%d}")
        )
    return segment.uid, moved


def _override(part: Part, series: Component, zone: str) -> Times | None:
    if properties.is_cancelled(part):
        return None
    own = properties.times(part, series.facts.time_zone, zone)
    return own.starts, own.ends


def _is_range(part: Part) -> bool:
    """A date that cannot be read is no range: it is left out like all that cannot."""
    from icalendar import vDDDTypes

    stamp = part.get("RECURRENCE-ID")
    return isinstance(stamp, vDDDTypes) and bool(stamp.params.get("RANGE"))


def _uid_of_occurrence(part: Part) -> str:
    return f"{properties.text(part, 'UID')}/{properties.text_of_date(part.get('RECURRENCE-ID').dt)}"


def _single(part: Part, original: datetime, series: Component) -> Single:
    """What is said of one occurrence. Of what the calendar does not mention, it is as its series."""
    place = properties.text(part, "LOCATION")
    meeting_url = place if organizations.is_web_address(place) else ""
    same_place = "LOCATION" not in part
    return Single(
        original=original,
        title=content.check_title(properties.text(part, "SUMMARY") or series.title),
        content=html.sanitise(properties.description(part)) if _is_described(part) else series.content,
        place=series.place if same_place else "" if meeting_url else place,
        meeting_url=series.facts.meeting_url if same_place else meeting_url,
    )


def _is_described(part: Part) -> bool:
    return "DESCRIPTION" in part or "X-ALT-DESC" in part


def _component(part: Part, zone: str) -> Component | None:
    """An event; None for one that is cancelled. Raises `Invalid` for what cannot be taken over."""
    if properties.is_cancelled(part):
        return None
    uid, title = properties.text(part, "UID"), properties.text(part, "SUMMARY")
    _check_part(part, uid, title)
    facts = properties.times(part, properties.zone_of(part, zone), zone)
    place = properties.text(part, "LOCATION")
    facts = replace(
        facts,
        **properties.repetition(part, facts, zone),
        categories=tuple(normal_categories(properties.categories(part))),
        meeting_url=place if organizations.is_web_address(place) else "",
    )
    rules.check_size(facts.rules, facts.dates, facts.exceptions)
    return Component(
        uid=uid,
        sequence=int(part.get("SEQUENCE", 0)),
        title=content.check_title(title),
        content=html.sanitise(properties.description(part)),
        place="" if facts.meeting_url else place,
        facts=facts,
    )


def _check_part(part: Part, uid: str, title: str) -> None:
    if not uid or len(uid) > 500:
        raise properties.invalid(say("It has no UID by which it could be recognised; export it anew."))
    if not title:
        raise properties.invalid(say("It has no title; give it one in the calendar."))
    if properties.text(part, "CLASS").upper() in ("PRIVATE", "CONFIDENTIAL"):
        raise properties.invalid(say("It is marked as private in the calendar."))
    if not hasattr(part.get("DTSTART"), "dt"):
        raise properties.invalid(say("When it begins is missing or cannot be read."))
