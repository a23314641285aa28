"""Offers: services, courses, benefits and the like that people can make use of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response
from marshmallow import fields, validate

from cityinfo.features import offers
from cityinfo.kernel import html
from cityinfo.web.bodies import Reading

from .entries import (
    Document,
    EntryQuery,
    EntrySchema,
    Item,
    Names,
    OrganizationNameSchema,
    PictureSchema,
    Write,
    Writer,
    by_title,
    serve_list,
    serve_one,
)
from .operations import Body, PagedAnswer, operation, section, sparse

blueprint = section("Offers", "Services, courses, benefits, funding and volunteering, and who they are for.")
AS_THEY_ARE = "sort locations contacts audiences spoken age schedule link appointment".split()
SECTIONS = ("eligibility", "documents", "steps", "cost")


class SpanSchema(Body):
    """From one number to another; either may be open."""

    from_ = fields.Float(data_key="from", required=True, allow_none=True)
    to = fields.Float(required=True, allow_none=True)


class SlotSchema(Body):
    """A part of a week, in the city's time."""

    day = fields.String(required=True, metadata={"example": "mo"})
    from_ = fields.String(data_key="from", required=True, metadata={"example": "09:00"})
    to = fields.String(required=True, metadata={"example": "10:30"})


class OfferSchema(EntrySchema):
    """An offer as the public sees it."""

    sort = fields.String(required=True, metadata={"example": "course"})
    organization = fields.Nested(
        OrganizationNameSchema, required=True, allow_none=True, metadata={"description": "Who provides it."}
    )
    locations = fields.List(fields.Integer(), required=True, metadata={"description": "Where it is available."})
    contacts = fields.List(fields.Integer(), required=True, metadata={"description": "Whom to ask."})
    picture = fields.Nested(PictureSchema, required=True, allow_none=True)
    audiences = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Who it is for; empty: everyone.", "example": ["women"]},
    )
    spoken = fields.List(
        fields.String(), required=True, metadata={"description": "Languages spoken there.", "example": ["de", "ar"]}
    )
    age = fields.Nested(SpanSchema, required=True, allow_none=True, metadata={"description": "Years; null: any age."})
    cost = fields.Nested(
        SpanSchema, required=True, allow_none=True, metadata={"description": "Euros; 0 is free, null: not stated."}
    )
    schedule = fields.List(fields.Nested(SlotSchema), required=True)
    deadline = fields.DateTime(required=True, allow_none=True, metadata={"description": "Until when to apply."})
    valid_until = fields.DateTime(required=True, allow_none=True, metadata={"description": "When it ends."})
    link = fields.String(required=True, allow_none=True)
    appointment = fields.String(required=True, allow_none=True, metadata={"description": "Where to book a date."})
    sections = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={
            "description": "Parts of `content` that say who may use it (`eligibility`), which papers are needed"
            " (`documents`), which `steps` to take and what else is to say of the `cost`; those that are there.",
            "example": {"documents": "<ul><li>Ausweis</li></ul>"},
        },
    )


class OfferListSchema(PagedAnswer):
    """A portion of the list of offers."""

    items = fields.List(fields.Nested(sparse(OfferSchema)), required=True)


class OfferQuery(EntryQuery):
    """Which offers, in which order."""

    kind = Names(*offers.SORTS, description="Any of these kinds.", example="course")
    audience = Names(*offers.AUDIENCES, description="For any of these, or for everyone.", example="women")
    language = fields.String(
        validate=validate.Length(min=1, max=20), metadata={"description": "Spoken there.", "example": "ar"}
    )
    cost = fields.Float(
        validate=validate.Range(min=0), metadata={"description": "Possible for at most so many euros.", "example": 0}
    )
    age = fields.Integer(
        validate=validate.Range(min=0, max=150), metadata={"description": "For someone of so many years."}
    )
    sort = fields.String(
        load_default="title",
        validate=validate.OneOf(["title", "changed", "deadline"]),
        metadata={"description": "By title, newest change first, or what ends next first."},
    )


@operation(blueprint, "/tenants/<tenant>/<language>/offers", answer=OfferListSchema, query=OfferQuery, also=[410])
def list_offers(query: dict[str, Any], tenant: str, language: str) -> Response:
    """List offers.

    Offers that have ended are not among them.
    """
    return serve_list(
        offers.KIND,
        tenant,
        language,
        query,
        choose=lambda reading, documents: _chosen(reading, documents, query),
        write=_writer,
    )


@operation(blueprint, "/tenants/<tenant>/<language>/offers/<int:entry_id>", answer=OfferSchema)
def get_offer(tenant: str, language: str, entry_id: int) -> Response:
    """Read one offer."""
    return serve_one(offers.KIND, tenant, language, entry_id, write=_writer)


def _chosen(reading: Reading, documents: list[Item], query: Mapping[str, Any]) -> Sequence[Item]:
    suiting = [test(query[name]) for name, test in _TESTS.items() if query.get(name) is not None]
    found = by_title(reading, [one for one in documents if all(suits(one) for suits in suiting)])
    if query["sort"] == "changed":
        return sorted(found, key=lambda one: datetime.fromisoformat(one["changed_at"]), reverse=True)
    if query["sort"] == "deadline":
        return sorted(found, key=_next_end)
    return found


def _next_end(document: Document) -> tuple[bool, str]:
    ends = [document[name] for name in ("deadline", "valid_until") if document[name]]
    return not ends, min(ends, default="")


Test = Callable[[Document], bool]


def _of_kind(kinds: list[str]) -> Test:
    return lambda one: one["sort"] in kinds


def _for_audience(wanted: list[str]) -> Test:
    return lambda one: not one["audiences"] or not set(wanted).isdisjoint(one["audiences"])


def _spoken(language: str) -> Test:
    return lambda one: language.lower() in one["spoken"]


def _affordable(most: float) -> Test:
    return lambda one: one["cost"] is not None and one["cost"]["from"] <= most


def _for_age(age: int) -> Test:
    def suits(one: Document) -> bool:
        first, last = (one["age"] or {}).get("from"), (one["age"] or {}).get("to")
        return (first is None or first <= age) and (last is None or age <= last)

    return suits


_TESTS: Mapping[str, Callable[[Any], Test]] = {
    "kind": _of_kind,
    "audience": _for_audience,
    "language": _spoken,
    "cost": _affordable,
    "age": _for_age,
}


def _writer(reading: Reading) -> Write:
    writer = Writer(reading, offers.KIND)

    def write(document: Document) -> Item:
        words = writer.words(document)
        marked = html.sections(words["content"])
        return {
            **words,
            **{name: document[name] for name in AS_THEY_ARE},
            "organization": writer.organization(document["organization"]),
            "picture": writer.picture(document["picture"]),
            "cost": document["cost"],
            "deadline": document["deadline"] and writer.moment(document["deadline"]),
            "valid_until": document["valid_until"] and writer.moment(document["valid_until"]),
            "sections": {name: marked[name] for name in SECTIONS if name in marked},
        }

    return write
