"""Events: what takes place in a city, as series or as single occurrences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response
from marshmallow import ValidationError, fields, validate

from cityinfo.features import events
from cityinfo.features.events import Occurrence
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say
from cityinfo.web.bodies import Reading, window

from .entries import (
    Document,
    EntryQuery,
    EntrySchema,
    Item,
    OrganizationNameSchema,
    PictureSchema,
    Write,
    Writer,
    serve_list,
    serve_one,
)
from .operations import Body, PagedAnswer, operation, section, sparse

blueprint = section("Events", "What takes place in a city, once or repeatedly.")
CONFIRMED, CANCELLED = "confirmed", "cancelled"
_WALL = r"^[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$"
FRESH = 60  # seconds for which an answer that depends on the present moment is kept
AHEAD = timedelta(days=31)  # how far occurrences are computed when nobody says how far
MOST_AHEAD = timedelta(days=366 * 2)
LAST_YEAR = 2200
MOST_OCCURRENCES = 20_000

Span = tuple[datetime, datetime | None]


class EventPlaceSchema(Body):
    """Where an event takes place."""

    id = fields.Integer(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    street = fields.String(required=True, allow_none=True)
    postcode = fields.String(required=True, allow_none=True)
    town = fields.String(required=True, allow_none=True)
    country = fields.String(required=True, allow_none=True)
    latitude = fields.Float(required=True, allow_none=True)
    longitude = fields.Float(required=True, allow_none=True)


_OF_PLACE = tuple(EventPlaceSchema().fields)  # made once: a list has hundreds of places


class OccurrenceWordsSchema(Body):
    """What one occurrence says instead of what its series says."""

    title = fields.String(required=True)
    content = fields.String(required=True, metadata={"description": "Sanitised HTML, links written out."})
    excerpt = fields.String(required=True)
    delivered_language = fields.String(required=True)
    changed_at = fields.DateTime(required=True)


class OccurrencePlaceSchema(Body):
    """Where one occurrence takes place instead of where its series does."""

    location = fields.Nested(EventPlaceSchema, required=True, allow_none=True)
    meeting_url = fields.String(required=True, allow_none=True)


class WhenSchema(Body):
    """How a series repeats, after RFC 5545. All times are wall time in the event's time zone."""

    class OverrideSchema(Body):
        """One occurrence at other times than its series; without times it is cancelled."""

        recurrence_id = fields.String(required=True, metadata={"description": "When the series has it begin."})
        starts = fields.String(required=True, allow_none=True)
        ends = fields.String(required=True, allow_none=True)

    class ChangedSchema(Body):
        """One occurrence with words or a place of its own. What is null is as in the series."""

        recurrence_id = fields.String(required=True, metadata={"description": "When the series has it begin."})
        words = fields.Nested(OccurrenceWordsSchema, required=True, allow_none=True)
        place = fields.Nested(OccurrencePlaceSchema, required=True, allow_none=True)

    rules = fields.List(fields.String(), required=True, metadata={"example": ["FREQ=WEEKLY;BYDAY=TU"]})
    dates = fields.List(fields.String(), required=True, metadata={"description": "Additional beginnings."})
    exceptions = fields.List(fields.String(), required=True, metadata={"description": "Beginnings that are left out."})
    overrides = fields.List(fields.Nested(OverrideSchema), required=True)
    occurrences = fields.List(fields.Nested(ChangedSchema), required=True)


class EventSchema(EntrySchema):
    """An event as the public sees it, or one occurrence of it."""

    key = fields.String(metadata={"description": "Of an occurrence: what it is known by. Never changes."})
    status = fields.String(
        validate=validate.OneOf([CONFIRMED, CANCELLED]),
        metadata={"description": "Of an occurrence: whether it takes place."},
    )
    starts_at = fields.DateTime(
        required=True, metadata={"description": "Of the occurrence, else of the first one; in the city's time zone."}
    )
    ends_at = fields.DateTime(
        required=True, metadata={"description": "The midnight after the last day when it lasts all day."}
    )
    last_ends_at = fields.DateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When the last one ends; null if there is none."},
    )
    starts = fields.String(required=True, metadata={"description": "Wall time at which the series begins."})
    ends = fields.String(required=True, metadata={"description": "Wall time at which its first occurrence ends."})
    time_zone = fields.String(required=True, metadata={"example": "Europe/Berlin"})
    all_day = fields.Boolean(required=True)
    only_weekdays = fields.Boolean(
        required=True, metadata={"description": "Of several days only Monday to Friday count."}
    )
    recurrence = fields.Nested(WhenSchema, required=True, allow_none=True)
    categories = fields.List(fields.String(), required=True)
    meeting_url = fields.String(required=True, allow_none=True, metadata={"description": "Where to meet online."})
    registration_url = fields.String(required=True, allow_none=True)
    location = fields.Nested(EventPlaceSchema, required=True, allow_none=True)
    organization = fields.Nested(OrganizationNameSchema, required=True, allow_none=True)
    picture = fields.Nested(PictureSchema, required=True, allow_none=True)


class EventListSchema(PagedAnswer):
    """A portion of the list of events."""

    items = fields.List(fields.Nested(sparse(EventSchema)), required=True)


class When(fields.Field[str]):
    """A moment (RFC 3339; without offset in the city's time zone) or a day."""

    def __init__(self, *, description: str, **options: Any) -> None:
        forms = [{"format": "date"}, {"format": "date-time"}, {"pattern": _WALL}]
        described = {"type": "string", "anyOf": forms, "description": description, "example": "2026-11-24"}
        super().__init__(metadata=described, **options)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:  # noqa: ARG002 - marshmallow's
        text = str(value).strip().replace(" ", "+")  # a plus that was not encoded
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise ValidationError("Not a moment; write it as 2026-11-24T18:00:00+01:00 or as 2026-11-24.") from None
        if not 1900 <= found.year <= LAST_YEAR:
            raise ValidationError(say("Choose a moment in the years 1900 to {last_year}.", last_year=LAST_YEAR))
        return text


class EventFilter(EntryQuery):
    """Which events."""

    category = fields.String(validate=validate.Length(max=100), metadata={"description": "Name of a category."})
    organization = fields.Integer(metadata={"description": "Only what this organization stands behind."})
    location = fields.Integer(metadata={"description": "Only what takes place at this location."})


class EventQuery(EventFilter):
    """Which events, and when."""

    from_ = When(data_key="from", description="Only what has not ended by then.")
    to = When(description="Only what begins before; of a day also what begins on it.")
    expand = fields.Boolean(
        load_default=False,
        metadata={"description": "Every occurrence by itself, from now and 31 days ahead unless said otherwise."},
    )
    cancelled = fields.Boolean(
        load_default=False,
        metadata={"description": "With `expand`: also those that do not take place; their `status` says so."},
    )


@operation(blueprint, "/tenants/<tenant>/<language>/events", answer=EventListSchema, query=EventQuery, also=[410])
def list_events(query: dict[str, Any], tenant: str, language: str) -> Response:
    """List events by their beginning.

    What is over is not there. With `expand` every occurrence is an item of its own, with a `key` that never changes;
    items of one event share its `id`.
    """
    now, left = window(FRESH)
    timeless = not query["expand"] and ("from_" in query or "to" not in query)
    return serve_list(
        events.KIND,
        tenant,
        language,
        query,
        choose=lambda reading, documents: _chosen(reading, documents, query, now),
        write=event_writer,
        params={} if timeless else {"now": now.isoformat()},
        **({} if timeless else {"valid_for": left}),
    )


@operation(blueprint, "/tenants/<tenant>/<language>/events/<int:entry_id>", answer=EventSchema)
def get_event(tenant: str, language: str, entry_id: int) -> Response:
    """Read one event."""
    return serve_one(events.KIND, tenant, language, entry_id, write=event_writer)


def filtered(documents: Sequence[Item], query: Mapping[str, Any]) -> Iterator[Item]:
    """Those of a category, an organization and a location, as far as these are asked for."""
    category = query.get("category")
    for document in documents:
        of_category = category is None or category.casefold() in map(str.casefold, document["categories"])
        if of_category and all(_is_of(document, name, query.get(name)) for name in ("organization", "location")):
            yield document


def event_writer(reading: Reading) -> Write:
    writer = Writer(reading, events.KIND)
    own = ("starts", "ends", "time_zone", "all_day", "only_weekdays", "categories", "meeting_url", "registration_url")

    def write(document: Document) -> Item:
        last = document["last_ends_at"]
        return {
            **writer.words(document),
            **{name: document[name] for name in ("key", "status") if name in document},
            **{name: document[name] for name in own},
            "starts_at": writer.moment(document["starts_at"]),
            "ends_at": writer.moment(document["ends_at"]),
            "last_ends_at": writer.moment(last) if last else None,
            "recurrence": _recurrence(writer, document),
            "location": _place(document["location"]),
            "organization": writer.organization(document["organization"]),
            "picture": writer.picture(document["picture"]),
        }

    return write


def _recurrence(writer: Writer, document: Document) -> Item | None:
    if document["recurrence"] is None:
        return None
    changed = [
        {
            "recurrence_id": one["recurrence_id"],
            "words": _words(writer, one["words"]),
            "place": _elsewhere(one["place"]),
        }
        for one in events.changed_at(document).values()
    ]
    return {**document["recurrence"], "occurrences": changed}


def _words(writer: Writer, words: Document | None) -> Item | None:
    if words is None:
        return None
    content, changed_at = writer.places.with_links(words["content"]), writer.moment(words["changed_at"])
    return {**words, "content": content, "changed_at": changed_at}


def _elsewhere(place: Document | None) -> Item | None:
    return None if place is None else {**place, "location": _place(place["location"])}


def _place(place: Document | None) -> Item | None:
    return None if place is None else {name: place[name] for name in _OF_PLACE}


def _is_of(document: Document, name: str, wanted: int | None) -> bool:
    return wanted is None or (document[name] is not None and document[name]["id"] == wanted)


def _chosen(reading: Reading, documents: list[Item], query: Mapping[str, Any], now: datetime) -> Sequence[Item]:
    since, until = _span(query, now, ZoneInfo(reading.tenant.time_zone))
    cancelled = query["cancelled"]
    found: list[Item] = []
    for document in filtered(documents, query):
        if query["expand"]:
            presently = since == now and until is None
            found += upcoming(document, now) if presently else occurrences(document, since, until or since + AHEAD)
            found += cancellations(document, since, until or since + AHEAD) if cancelled else ()
        elif ("from_" not in query and "to" not in query) or _takes_place(document, since, until):
            found.append(document)
        if len(found) > MOST_OCCURRENCES:
            raise Invalid("events.too_many", "These are too many occurrences; ask for a shorter time.")
    return sorted(found, key=lambda item: (datetime.fromisoformat(item["starts_at"]), item["id"]))


def occurrences(document: Document, since: datetime, until: datetime) -> list[Item]:
    """The document once for every time at which the event takes place, as it is then."""
    return [_occurrence(document, one, CONFIRMED) for one in events.series_of(document).occurrences(since, until)]


def upcoming(document: Document, now: datetime) -> list[Item]:
    """Those that nobody asks for in another span."""
    return [_occurrence(document, one, CONFIRMED) for one in events.upcoming(events.series_of(document), now, AHEAD)]


def cancellations(document: Document, since: datetime, until: datetime) -> list[Item]:
    """The document once for every time at which the event would take place if that was not cancelled."""
    return [_occurrence(document, one, CANCELLED) for one in events.series_of(document).cancelled(since, until)]


def _occurrence(document: Document, one: Occurrence, status: str) -> Item:
    return {
        **events.as_at(document, one.original),
        "key": events.occurrence_key(document["id"], one.original, all_day=document["all_day"]),
        "status": status,
        "starts_at": one.starts_at.isoformat(),
        "ends_at": one.ends_at.isoformat(),
    }


def _takes_place(document: Document, since: datetime, until: datetime | None) -> bool:
    last = document["last_ends_at"]
    if until is None:
        return last is None or datetime.fromisoformat(last) > since
    return bool(events.series_of(document).occurrences(since, until))


def _span(query: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> Span:
    since = _moment(query["from_"], zone) if "from_" in query else now
    until = _moment(query["to"], zone, end=True) if "to" in query else None
    if until is not None and not since < until <= since + MOST_AHEAD:
        raise Invalid("events.span", "`to` must come after `from`, and at most two years later.")
    return since, until


def _moment(text: str, zone: ZoneInfo, *, end: bool = False) -> datetime:
    """The moment; of a day its beginning or end."""
    if len(text) == 10 and end:
        text = (date.fromisoformat(text) + timedelta(days=1)).isoformat()
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=zone)
