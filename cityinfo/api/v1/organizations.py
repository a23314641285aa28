"""Organizations: who stands behind what a city offers."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields

from cityinfo.features import organizations
from cityinfo.web.bodies import Reading

from .entries import (
    Document,
    EntryQuery,
    EntrySchema,
    Item,
    PictureSchema,
    Write,
    Writer,
    by_title,
    serve_list,
    serve_one,
)
from .operations import PagedAnswer, operation, section, sparse

blueprint = section("Organizations", "Authorities, associations and others who stand behind places and offers.")
RELATIONS = ("part_of", "project_of", "partner")


class OrganizationSchema(EntrySchema):
    """An organization as the public sees it."""

    sort = fields.String(required=True, metadata={"example": "association"})
    website = fields.String(required=True, allow_none=True)
    seal = fields.String(
        required=True, allow_none=True, metadata={"description": "Where it commits itself to transparency."}
    )
    logo = fields.Nested(PictureSchema, required=True, allow_none=True)
    part_of = fields.List(fields.Integer(), required=True, metadata={"description": "At most one."})
    project_of = fields.List(fields.Integer(), required=True)
    partner = fields.List(fields.Integer(), required=True)


class OrganizationListSchema(PagedAnswer):
    """A portion of the list of organizations."""

    items = fields.List(fields.Nested(sparse(OrganizationSchema)), required=True)


@operation(
    blueprint,
    "/tenants/<tenant>/<language>/organizations",
    answer=OrganizationListSchema,
    query=EntryQuery,
    also=[410],
)
def list_organizations(query: dict[str, Any], tenant: str, language: str) -> Response:
    """List organizations by name."""
    return serve_list(organizations.KIND, tenant, language, query, choose=by_title, write=_writer)


@operation(blueprint, "/tenants/<tenant>/<language>/organizations/<int:entry_id>", answer=OrganizationSchema)
def get_organization(tenant: str, language: str, entry_id: int) -> Response:
    """Read one organization."""
    return serve_one(organizations.KIND, tenant, language, entry_id, write=_writer)


def _writer(reading: Reading) -> Write:
    writer = Writer(reading, organizations.KIND)

    def write(document: Document) -> Item:
        own = {name: document[name] for name in ("sort", "website", "seal", *RELATIONS)}
        return {**writer.words(document), **own, "logo": writer.picture(document["logo"])}

    return write
