"""Contacts: whom to turn to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from marshmallow import fields

from cityinfo.features import contacts
from cityinfo.features.locations import hours
from cityinfo.web.bodies import Reading

from .entries import (
    Document,
    EntryQuery,
    EntrySchema,
    Item,
    OrganizationNameSchema,
    Write,
    Writer,
    by_title,
    serve_list,
    serve_one,
)
from .locations import AddressSchema
from .operations import Body, PagedAnswer, operation, section, sparse

blueprint = section("Contacts", "Contact points: whom to turn to, and for what.")
DATA = ("name", "phone", "mobile", "email", "website", "appointment_url", "opening_hours", "own_hours", "primary")


class ContactPlaceSchema(Body):
    """The location a contact is at."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    address = fields.Nested(AddressSchema, required=True)


class ContactSchema(EntrySchema):
    """A contact as the public sees it. Its title says what it is responsible for."""

    name = fields.String(required=True, allow_none=True, metadata={"description": "Of a person."})
    phone = fields.String(required=True, allow_none=True, metadata={"description": "In international form, as mobile."})
    mobile = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    website = fields.String(required=True, allow_none=True)
    appointment_url = fields.String(required=True, allow_none=True)
    opening_hours = fields.String(
        required=True, allow_none=True, metadata={"description": "As of a location.", "example": hours.EXAMPLE}
    )
    own_hours = fields.Boolean(required=True, metadata={"description": "False: they are those of the location."})
    primary = fields.Boolean(required=True, metadata={"description": "The one to ask first at its location."})
    location = fields.Nested(ContactPlaceSchema, required=True, allow_none=True)
    organization = fields.Nested(OrganizationNameSchema, required=True, allow_none=True)


class ContactListSchema(PagedAnswer):
    """A portion of the list of contacts."""

    items = fields.List(fields.Nested(sparse(ContactSchema)), required=True)


class ContactQuery(EntryQuery):
    """Which contacts."""

    location = fields.Integer(metadata={"description": "Only those at this location, the primary one first."})


@operation(blueprint, "/tenants/<tenant>/<language>/contacts", answer=ContactListSchema, query=ContactQuery, also=[410])
def list_contacts(query: dict[str, Any], tenant: str, language: str) -> Response:
    """List contacts by what they are responsible for."""
    return serve_list(
        contacts.KIND,
        tenant,
        language,
        query,
        choose=lambda reading, documents: _chosen(reading, documents, query),
        write=_writer,
    )


@operation(blueprint, "/tenants/<tenant>/<language>/contacts/<int:entry_id>", answer=ContactSchema)
def get_contact(tenant: str, language: str, entry_id: int) -> Response:
    """Read one contact."""
    return serve_one(contacts.KIND, tenant, language, entry_id, write=_writer)


def _chosen(reading: Reading, documents: list[Item], query: Mapping[str, Any]) -> Sequence[Item]:
    ordered, place = by_title(reading, documents), query.get("location")
    if place is None:
        return ordered
    at = (one for one in ordered if one["location"] and one["location"]["id"] == place)
    return sorted(at, key=lambda one: not one["primary"])


def _writer(reading: Reading) -> Write:
    writer = Writer(reading, contacts.KIND)

    def write(document: Document) -> Item:
        return {
            **writer.words(document),
            **{name: document[name] for name in DATA},
            "location": document["location"],
            "organization": writer.organization(document["organization"]),
        }

    return write
