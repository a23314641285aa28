"""Events as calendars read them: iCalendar files to subscribe to, for Apple, Google and Outlook."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Response
from marshmallow import fields, validate

from cityinfo.features import events
from cityinfo.features.events import Series
from cityinfo.kernel import html
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say
from cityinfo.web.bodies import Answer, Reading, serve

from .entries import Document
from .events import blueprint, filtered
from .operations import Query, operation
from .places import Places
from .zones import add_zones

if TYPE_CHECKING:
    from icalendar import Calendar, Event

CALENDAR = "text/calendar"
PRODUCT = "-//cityinfo//cityinfo//EN"
PAUSE, PAUSE_IN_WORDS = timedelta(hours=4), "PT4H"  # after which programs ask again


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
            raise NotFound("event.unknown", say("There is no event {entry_id} in this language.", entry_id=entry_id))
        return found

    return _serve(tenant, language, {"id": entry_id}, choose)


def _serve(tenant: str, language: str, params: Mapping[str, Any], choose: Any) -> Response:
    return serve(
        "v1.events.ics",
        tenant=tenant,
        language=language.lower(),
        params=Query.canonical(dict(params)),
        kinds=(events.KIND,),
        build=lambda reading: _answer(reading, choose(reading), params.get("category", "")),
    )


def _answer(reading: Reading, documents: Sequence[Document], category: str) -> Answer:
    language = reading.registry()[reading.language].bcp47
    writer = _Writer(reading)
    found = sorted(documents, key=lambda one: (one["starts_at"], one["id"]))
    body = _calendar(reading, category, [part for one in found for part in writer.parts(one)])
    return Answer(body.to_ical(), content_type=f"{CALENDAR}; charset=utf-8", language=language)


def _calendar(reading: Reading, category: str, parts: Sequence[Event]) -> Calendar:
    """The frame. Names and pauses are said twice: as RFC 7986 has them, and as programs older than it know them."""
    from icalendar import Calendar  # most web processes are never asked for one

    name = " – ".join(filter(None, (reading.tenant.full_name, category)))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", reading.tenant.time_zone)
    calendar.add("refresh-interval", PAUSE, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", PAUSE_IN_WORDS)
    for part in parts:
        calendar.add_component(part)
    add_zones(calendar)
    return calendar


class _Writer:
    """Writes published events as parts of a calendar. What is the same for all is prepared once."""

    def __init__(self, reading: Reading) -> None:
        self._places = Places(reading, events.KIND)
        self._city = reading.tenant.full_name
        self._site = f"{reading.settings.public_url}/{reading.tenant.slug}/{reading.language}"

    def parts(self, document: Document) -> Iterator[Event]:
        """The series, and one part more for every occurrence that differs; of what takes place once just that."""
        series = events.series_of(document)
        changed = events.changed_at(document)
        if not series.is_repeated:
            yield self._occurrence(document, series, series.starts)
            return
        main = self._event(document)
        _add_times(main, (series.starts, series.ends), document)
        told = [original for original, times in series.overrides if times or original in changed]
        _add_recurrence(main, series, document, told)
        yield main
        for original in sorted({*told, *changed}):
            part = self._occurrence(document, series, original)
            part.add("recurrence-id", _time(original, document))
            yield part

    def _occurrence(self, document: Document, series: Series, original: datetime) -> Event:
        one = series.at(original)
        part = self._event(events.as_at(document, original))
        _add_times(part, (one.starts, one.ends), document)
        if dict(series.overrides).get(original, True) is None:
            part["STATUS"] = "CANCELLED"
        return part

    def _event(self, document: Document) -> Event:
        from icalendar import Event

        changed = _moment(document["changed_at"])
        content = self._places.with_links(document["content"])
        path = self._places.languages(document["id"])[document["language"]]["path"]
        part = Event()
        part.add("uid", document["uid"])
        part.add("sequence", document["sequence"])
        part.add("dtstamp", changed)  # not the present moment: what is unchanged has the same bytes
        part.add("last-modified", changed)
        part.add("created", _moment(document["created_at"]))
        part.add("status", "CONFIRMED")
        part.add("summary", document["title"])
        part.add("description", html.plain_text(content))
        part.add("x-alt-desc", content, parameters={"FMTTYPE": "text/html"})
        part.add("url", document["meeting_url"] or f"{self._site}/{path}")
        self._add_who_and_where(part, document)
        return part

    def _add_who_and_where(self, part: Event, document: Document) -> None:
        """What is published has an organizer (RFC 5546): who stands behind the event, else the city."""
        from icalendar import vCalAddress

        organization = document["organization"] or {"name": self._city, "website": None}
        organizer = vCalAddress(organization["website"] or self._site)
        organizer.params["CN"] = organization["name"].replace('"', "'")  # cannot be written in a parameter
        part.add("organizer", organizer)
        if place := _place(document):
            part.add("location", place)
        if document["categories"]:
            part.add("categories", document["categories"])


def _place(document: Document) -> str:
    place = document["location"]
    if place is None:
        return document["meeting_url"] or ""
    town = " ".join(filter(None, (place["postcode"], place["town"])))
    return ", ".join(filter(None, (place["title"], place["street"], town)))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)


def _add_times(part: Event, times: tuple[datetime, datetime], document: Document) -> None:
    """Beginning and end; what has no length has no end, which would have to be later."""
    starts, ends = times
    part.add("dtstart", _time(starts, document))
    if ends > starts:
        part.add("dtend", _time(ends, document))


def _add_recurrence(part: Event, series: Series, document: Document, told: Collection[datetime]) -> None:
    """Cancelled occurrences that nobody says more of are left out like all exceptions: every calendar knows that."""
    from icalendar import vRecur

    for rule in series.rules:
        part.add("rrule", vRecur.from_ical(_with_until(rule, document)))
    cancelled = {original for original, times in series.overrides if times is None}.difference(told)
    for name, moments in (("rdate", series.dates), ("exdate", series.exceptions | cancelled)):
        if moments:
            part.add(name, [_time(one, document) for one in sorted(moments)], parameters=_kind(document))


def _kind(document: Document) -> dict[str, str]:
    return {"VALUE": "DATE"} if document["all_day"] else {}


def _with_until(rule: str, document: Document) -> str:
    """UNTIL as RFC 5545 wants it: a day when the series has days, else in UTC."""
    parts = events.parts_of(rule)
    if "UNTIL" in parts:
        until = datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(document["time_zone"]))
        parts["UNTIL"] = f"{until:%Y%m%d}" if document["all_day"] else f"{until.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return events.joined(parts)


def _time(wall: datetime, document: Document) -> date:
    return wall.date() if document["all_day"] else wall.replace(tzinfo=ZoneInfo(document["time_zone"]))
