"""Editing locations, and the categories of the city's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from marshmallow import fields, post_load
from marshmallow.validate import Length

from cityinfo.features import locations
from cityinfo.features.locations import Address, LocationFacts, hours
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from . import entries
from .kinds import Facts, Kind, add, delete_entry
from .values import Choice, Flag, Identity, Line, Part, Real, Sent


class PostalAddressSchema(Sent):
    """Where post would go."""

    street = Line(300, load_default="", metadata={"example": "Rathausplatz 1"})
    addition = Line(300, load_default="", metadata={"description": "What helps to find the door."})
    postal_code = Line(20, load_default="", metadata={"example": "86150"})
    town = Line(300, load_default="", metadata={"example": "Augsburg"})
    country = Line(2, load_default="DE", metadata={"enum": list(locations.countries())})

    @post_load
    def _address(self, said: dict[str, Any], **_options: Any) -> Address:
        return Address(**said)


class LocationFactsSchema(Sent):
    """Where a location is, what it is and when one may come."""

    categories = fields.List(
        Line(60),
        required=True,
        validate=Length(min=1),
        metadata={"description": "The main one first.", "example": ["advice"]},
    )
    address = Part(PostalAddressSchema, load_default=Address)
    latitude = Real(load_default=None, allow_none=True)
    longitude = Real(load_default=None, allow_none=True)
    on_map = Flag(load_default=False)
    hours = Line(
        hours.MOST_HOURS,
        load_default="",
        metadata={"description": "As OpenStreetMap writes them.", "example": hours.EXAMPLE},
    )
    temporarily_closed = Flag(load_default=False)
    appointment_url = Line(2_000, load_default="")
    barrier_free = Flag(load_default=None, allow_none=True, metadata={"description": "Null: nobody knows."})
    accessibility = fields.Dict(
        keys=Choice(*locations.ACCESSIBILITY),
        values=Choice(*locations.ANSWERS),
        load_default=dict,
        metadata={"example": {"lift": "yes"}},
    )
    picture = Identity(load_default=None, allow_none=True)
    organization = Identity(load_default=None, allow_none=True)


def _create(db: Work, facts: Facts, actor: Actor) -> int:
    return locations.create(db, LocationFacts(**facts), actor=actor).id


def _change(db: Work, location_id: int, facts: Facts, /, *, revision: int, actor: Actor) -> None:
    wanted = replace(locations.facts_of(db, location_id), **facts)
    locations.change(db, location_id, wanted, revision=revision, actor=actor)


KIND = add(
    Kind(
        content_type=locations.LOCATIONS,
        plural="locations",
        noun="location",
        facts=LocationFactsSchema,
        read=locations.facts_of,
        create=_create,
        change=_change,
        archive=locations.archive,
        restore=locations.restore,
        delete=delete_entry,
        example={"categories": ["advice"], "address": {"street": "Rathausplatz 1", "postal_code": "86150"}},
    )
)
blueprint = entries.operations_of(KIND, "Places in the city.")
