"""Locations: where things are, nearest first or open at a time, and the categories they are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response
from marshmallow import ValidationError, fields, validate

from cityinfo.api.http import local_time
from cityinfo.features import locations
from cityinfo.features.locations import Status, hours
from cityinfo.web.bodies import Answer, Reading, serve, window

from .entries import (
    Document,
    EntryQuery,
    EntrySchema,
    Item,
    OrganizationNameSchema,
    PictureSchema,
    Write,
    Writer,
    by_title,
    serve_list,
    serve_one,
)
from .operations import Body, Paged, PagedAnswer, answer, limit, operation, portion, section, sparse
from .tenants import Place

MINUTE = 60  # seconds
NOW = "now"
blueprint = section("Locations", "Places in the city: where they are, what they are and when one may come.")


class AddressSchema(Body):
    """Where post would go. Parts may be empty."""

    street = fields.String(required=True, metadata={"example": "Musterweg 1"})
    addition = fields.String(required=True, metadata={"description": "Helps to find the door.", "example": "2. Stock"})
    postal_code = fields.String(required=True, metadata={"example": "00001"})
    town = fields.String(required=True, metadata={"example": "Musterstadt"})
    country = fields.String(required=True, metadata={"description": "ISO 3166.", "example": "DE"})
    country_name = fields.String(required=True, metadata={"description": "In the language.", "example": "Deutschland"})


class CategorySchema(Body):
    """What a location is."""

    id = fields.Integer(required=True, metadata={"description": "Never changes."})
    slug = fields.String(required=True, metadata={"example": "advice"})
    name = fields.String(required=True, metadata={"description": "In the language.", "example": "Beratung"})
    icon = fields.String(required=True, metadata={"example": "advice"})
    color = fields.String(required=True, metadata={"example": "#3700D2"})


class LocationSchema(EntrySchema):
    """A location as the public sees it."""

    address = fields.Nested(AddressSchema, required=True)
    latitude = fields.Float(required=True, allow_none=True)
    longitude = fields.Float(required=True, allow_none=True)
    on_map = fields.Boolean(required=True)
    categories = fields.List(
        fields.Nested(CategorySchema), required=True, metadata={"description": "At least one, the main one first."}
    )
    opening_hours = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Rules as OpenStreetMap writes `opening_hours`, in the city's time zone; `PH` are the public"
            " holidays of its federal state.",
            "example": hours.EXAMPLE,
        },
    )
    temporarily_closed = fields.Boolean(required=True, metadata={"description": "Whatever the opening hours say."})
    appointment_url = fields.String(required=True, allow_none=True)
    barrier_free = fields.Boolean(required=True, allow_none=True, metadata={"description": "Null: unknown."})
    accessibility = fields.Dict(
        keys=fields.String(validate=validate.OneOf(locations.ACCESSIBILITY)),
        values=fields.String(validate=validate.OneOf([one for one in locations.ANSWERS if one != locations.UNKNOWN])),
        required=True,
        metadata={"description": "What is not named is not known.", "example": {"step_free_entrance": "yes"}},
    )
    picture = fields.Nested(PictureSchema, required=True, allow_none=True)
    organization = fields.Nested(OrganizationNameSchema, required=True, allow_none=True)
    distance_km = fields.Float(metadata={"description": "Only with `near`.", "example": 3.2})
    status = fields.String(
        validate=validate.OneOf(list(Status)), metadata={"description": "Only with `open_at`: open, or by appointment."}
    )
    changes_at = fields.DateTime(
        allow_none=True, metadata={"description": "Only with `open_at`: when that ends; null: not within a year."}
    )


class LocationListSchema(PagedAnswer):
    """A portion of the list of locations."""

    items = fields.List(fields.Nested(sparse(LocationSchema)), required=True)


class CategoryListSchema(PagedAnswer):
    """A portion of the list of categories."""

    items = fields.List(fields.Nested(CategorySchema), required=True)


class Box(fields.Field[tuple[float, float, float, float]]):
    """West, south, east and north, as in ``10.8,48.3,11.0,48.4``."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> tuple[float, ...]:  # type: ignore[override]  # noqa: ARG002 - marshmallow's
        try:
            west, south, east, north = (float(part) for part in str(value).split(","))
        except ValueError:
            raise ValidationError("Write west,south,east,north, for example 10.8,48.3,11.0,48.4.") from None
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValidationError("That is no box on earth; write west,south,east,north.")
        return west, south, east, north


class Time(fields.Field[datetime]):
    """A moment with its offset, cut to the minute, or the word `now`."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> datetime | str:  # type: ignore[override]  # noqa: ARG002 - marshmallow's
        if value == NOW:
            return NOW
        try:
            moment = datetime.fromisoformat(str(value).replace(" ", "+"))
            return moment.astimezone(UTC).replace(second=0, microsecond=0) if moment.tzinfo else self._refuse()
        except (ValueError, OverflowError):
            return self._refuse()

    def _refuse(self) -> datetime:
        raise ValidationError("Write now, or a moment with its offset, for example 2026-11-24T10:00:00+01:00.")


class LocationQuery(EntryQuery):
    """Which locations, and in which order."""

    bbox = Box(
        metadata={
            "type": "string",
            "pattern": r"^-?\d{1,3}(\.\d+)?(,-?\d{1,3}(\.\d+)?){3}$",
            "description": "`west,south,east,north`: only what lies within.",
            "example": "10.8,48.3,11.0,48.4",
        }
    )
    near = Place(
        description="`latitude,longitude`: nearest first, with `distance_km`; without a point: left out.",
        example="48.37,10.9",
    )
    category = fields.String(
        validate=validate.Length(max=100), metadata={"description": "`slug` of a category.", "example": "advice"}
    )
    open_at = Time(
        metadata={
            "type": "string",
            "anyOf": [{"const": NOW}, {"format": "date-time"}],
            "description": "`now` or a moment (RFC 3339): only what is open then, with `status` and `changes_at`.",
            "example": "2026-11-24T10:00:00+01:00",
        }
    )
    sort = fields.String(
        validate=validate.OneOf(["title", "-changed_at"]),
        metadata={"description": "Instead of by title, or by distance with `near`.", "example": "title"},
    )


class CategoryQuery(Paged):
    """How much of the list."""

    limit = limit(1000, default=100)


@operation(
    blueprint,
    "/tenants/<tenant>/<language>/locations",
    answer=LocationListSchema,
    query=LocationQuery,
    also=[410],
)
def list_locations(query: dict[str, Any], tenant: str, language: str) -> Response:
    """List locations.

    By title, or nearest first. With `open_at=now` an answer is at most a minute old.
    """
    start, left = window(MINUTE)
    now = query.get("open_at") == NOW
    moment: datetime | None = start if now else query.get("open_at")
    return serve_list(
        locations.KIND,
        tenant,
        language,
        query,
        choose=lambda reading, documents: _chosen(reading, documents, query, moment),
        write=_writer,
        params={"minute": start.isoformat()} if now else None,
        **({"valid_for": left} if now else {}),
    )


@operation(blueprint, "/tenants/<tenant>/<language>/locations/<int:entry_id>", answer=LocationSchema)
def get_location(tenant: str, language: str, entry_id: int) -> Response:
    """Read one location."""
    return serve_one(locations.KIND, tenant, language, entry_id, write=_writer)


@operation(
    blueprint,
    "/tenants/<tenant>/<language>/location-categories",
    answer=CategoryListSchema,
    query=CategoryQuery,
    also=[410],
)
def list_location_categories(query: dict[str, Any], tenant: str, language: str) -> Response:
    """List the categories every city has, and those of its own that a public location is in."""
    return serve(
        "v1.location-categories",
        tenant=tenant,
        language=language.lower(),
        params=CategoryQuery.canonical(query),
        kinds=(locations.KIND,),
        build=lambda reading: _categories(reading, query),
    )


def _categories(reading: Reading, query: Mapping[str, Any]) -> Answer:
    given = {slug: one for slug, one in locations.common(reading.db).items() if not one.retired}
    common = {slug: category.described(reading.language) for slug, category in given.items()}
    used = {one["slug"]: one for document in reading.documents(locations.KIND) for one in document["categories"]}
    found = list({**common, **used}.values())
    items, cursor = portion(found, lambda one: one["slug"], limit=query["limit"], cursor=query.get("cursor"))
    return answer({"items": items, "cursor": cursor, "more": cursor is not None}, reading)


def _chosen(
    reading: Reading, documents: list[Item], query: Mapping[str, Any], moment: datetime | None
) -> Sequence[Item]:
    """Filtered and in order; distances and states are noted in the documents, which are this reading's own."""
    category, box = query.get("category"), query.get("bbox")
    if category is not None:
        documents = [one for one in documents if category in (known["slug"] for known in one["categories"])]
    if box is not None:
        documents = [one for one in documents if _within(one, box)]
    if moment is not None:
        documents = _open(reading, documents, moment)
    ordered = by_title(reading, documents)
    if "near" in query:
        ordered = _nearest(ordered, query["near"])
    if query.get("sort") == "title":
        return by_title(reading, list(ordered))
    if query.get("sort") == "-changed_at":
        return sorted(ordered, key=lambda one: datetime.fromisoformat(one["changed_at"]), reverse=True)
    return ordered


def _within(document: Document, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    latitude, longitude = document["latitude"], document["longitude"]
    return latitude is not None and west <= longitude <= east and south <= latitude <= north


def _nearest(documents: Sequence[Item], point: tuple[float, float]) -> list[Item]:
    placed = [one for one in documents if one["latitude"] is not None]
    for one in placed:
        one["distance_km"] = round(locations.kilometres(point, (one["latitude"], one["longitude"])), 2)
    return sorted(placed, key=lambda one: one["distance_km"])


def _open(reading: Reading, documents: Sequence[Item], moment: datetime) -> list[Item]:
    city = reading.tenant
    calendar = hours.calendar(city.time_zone, city.official_key, city.latitude, city.longitude)
    found = []
    for one in documents:
        rules = "" if one["temporarily_closed"] else one["opening_hours"] or ""
        one["status"] = hours.status(rules, calendar, moment)
        if one["status"] != Status.CLOSED:
            one["changes_at"] = hours.next_change(rules, calendar, moment)
            found.append(one)
    return found


def _writer(reading: Reading) -> Write:
    writer = Writer(reading, locations.KIND)
    own = "address latitude longitude on_map categories opening_hours temporarily_closed appointment_url".split()
    own += ["barrier_free", "accessibility"]

    def write(document: Document) -> Item:
        noted = {name: document[name] for name in ("distance_km", "status") if name in document}
        if "changes_at" in document:
            ends = document["changes_at"]
            noted["changes_at"] = local_time(ends, ZoneInfo(reading.tenant.time_zone)) if ends else None
        return {
            **writer.words(document),
            **{name: document[name] for name in own},
            "picture": writer.picture(document["picture"]),
            "organization": writer.organization(document["organization"]),
            **noted,
        }

    return write
