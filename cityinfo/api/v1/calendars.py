"""Events as calendars read them: iCalendar files to subscribe to, for Apple, Google and Outlook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Response
from marshmallow import fields, validate

from cityinfo.features import events
from cityinfo.features.events import Series
from cityinfo.kernel import html
from cityinfo.kernel.errors import NotFound
from cityinfo.web.bodies import Answer, Reading, serve

from .entries import Document
from .events import blueprint, filtered
from .operations import Query, operation
from .places import Places

if TYPE_CHECKING:
    from icalendar import Calendar, Event

CALENDAR = "text/calendar"
PRODUCT = "-//cityinfo//cityinfo//EN"


class CalendarQuery(Query):
    """Which events stand in a calendar."""

    category = fields.String(validate=validate.Length(max=100), metadata={"description": "Name of a category."})
    organization = fields.Integer(metadata={"description": "Only what this organization stands behind."})
    location = fields.Integer(metadata={"description": "Only what takes place at this location."})


@operation(blueprint, "/tenants/<tenant>/<language>/events.ics", answer=CALENDAR, query=CalendarQuery)
def get_calendar(query: dict[str, Any], tenant: str, language: str) -> Response:
    """Subscribe to events in a calendar."""
    return _serve(tenant, language, query, lambda reading: list(filtered(reading.documents(events.KIND), query)))


@operation(blueprint, "/tenants/<tenant>/<language>/events/<int:entry_id>.ics", answer=CALENDAR)
def get_event_calendar(tenant: str, language: str, entry_id: int) -> Response:
    """Put one event into a calendar."""

    def choose(reading: Reading) -> list[dict[str, Any]]:
        found = reading.documents_of(events.KIND, [entry_id])
        if not found:
            raise NotFound("event.unknown", f"There is no event {entry_id} in this language.")
        return found

    return _serve(tenant, language, {"id": entry_id}, choose)


def _serve(tenant: str, language: str, params: Mapping[str, Any], choose: Any) -> Response:
    return serve(
        "v1.events.ics",
        tenant=tenant,
        language=language.lower(),
        params=Query.canonical(dict(params)),
        kinds=(events.KIND,),
        build=lambda reading: _answer(reading, choose(reading)),
    )


def _answer(reading: Reading, documents: Sequence[Document]) -> Answer:
    language = reading.registry()[reading.language].bcp47
    body = _calendar(reading, sorted(documents, key=lambda one: (one["starts_at"], one["id"])))
    return Answer(body.to_ical(), content_type=f"{CALENDAR}; charset=utf-8", language=language)


def _calendar(reading: Reading, documents: Sequence[Document]) -> Calendar:
    from icalendar import Calendar  # most web processes are never asked for one

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", reading.tenant.full_name)
    calendar.add("x-wr-timezone", reading.tenant.time_zone)
    places = Places(reading, events.KIND)
    site = f"{reading.settings.public_url}/{reading.tenant.slug}/{reading.language}"
    for document in documents:
        for part in _parts(document, places, site):
            calendar.add_component(part)
    calendar.add_missing_timezones()
    return calendar


def _parts(document: Document, places: Places, site: str) -> Iterable[Event]:
    """The series, and one part more for every occurrence at another time."""
    series = events.series_of(document)
    main = _event(document, places, site)
    _add_times(main, series.starts, series.ends, document)
    _add_recurrence(main, series, document)
    yield main
    for original, times in series.overrides:
        if times is not None:
            moved = _event(document, places, site)
            _add_times(moved, *times, document)
            moved.add("recurrence-id", _time(original, document))
            yield moved


def _event(document: Document, places: Places, site: str) -> Event:
    from icalendar import Event

    changed = datetime.fromisoformat(document["changed_at"]).astimezone(UTC).replace(microsecond=0)
    content = places.with_links(document["content"])
    path = places.languages(document["id"])[document["language"]]["path"]
    part = Event()
    part.add("uid", document["uid"])
    part.add("sequence", document["sequence"])
    part.add("dtstamp", changed)  # not the present moment: what is unchanged has the same bytes
    part.add("last-modified", changed)
    part.add("created", datetime.fromisoformat(document["created_at"]).astimezone(UTC).replace(microsecond=0))
    part.add("summary", document["title"])
    part.add("description", html.plain_text(content))
    part.add("x-alt-desc", content, parameters={"FMTTYPE": "text/html"})
    part.add("url", document["meeting_url"] or f"{site}/{path}")
    place = _place(document)
    if place:
        part.add("location", place)
    if document["categories"]:
        part.add("categories", document["categories"])
    return part


def _place(document: Document) -> str:
    place = document["location"]
    if place is None:
        return document["meeting_url"] or ""
    town = " ".join(filter(None, (place["postcode"], place["town"])))
    return ", ".join(filter(None, (place["title"], place["street"], town)))


def _add_times(part: Event, starts: datetime, ends: datetime, document: Document) -> None:
    part.add("dtstart", _time(starts, document))
    part.add("dtend", _time(ends, document))


def _add_recurrence(part: Event, series: Series, document: Document) -> None:
    """Occurrences that are cancelled are left out like all exceptions: every calendar understands that."""
    from icalendar import vRecur

    for rule in series.rules:
        part.add("rrule", vRecur.from_ical(_with_until(rule, document)))
    cancelled = {original for original, times in series.overrides if times is None}
    for name, moments in (("rdate", series.dates), ("exdate", series.exceptions | cancelled)):
        if moments:
            part.add(name, [_time(one, document) for one in sorted(moments)])


def _with_until(rule: str, document: Document) -> str:
    """UNTIL as RFC 5545 wants it: a day when the series has days, else in UTC."""
    parts = events.parts_of(rule)
    if "UNTIL" in parts:
        until = datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(document["time_zone"]))
        parts["UNTIL"] = f"{until:%Y%m%d}" if document["all_day"] else f"{until.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return events.joined(parts)


def _time(wall: datetime, document: Document) -> date:
    return wall.date() if document["all_day"] else wall.replace(tzinfo=ZoneInfo(document["time_zone"]))
