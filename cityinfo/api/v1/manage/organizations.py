"""Editing organizations, and who may propose changes for them."""

from __future__ import annotations

from dataclasses import replace

from marshmallow import fields

from cityinfo.features import organizations
from cityinfo.features.organizations import OrganizationFacts
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from . import entries
from .kinds import Facts, Kind, add, delete_entry
from .values import Choice, Identity, Line, Sent


class OrganizationFactsSchema(Sent):
    """What is said of an organization beside its name and description."""

    sort = Choice(*organizations.SORTS, load_default="other")
    website = Line(2_000, load_default="")
    seal = Line(2_000, load_default="", metadata={"description": "Leads to its self-commitment to transparency."})
    logo = Identity(load_default=None, allow_none=True)
    part_of = Identity(load_default=None, allow_none=True)
    project_of = fields.List(Identity(), load_default=tuple)
    partners = fields.List(Identity(), load_default=tuple)


def _create(db: Work, facts: Facts, actor: Actor) -> int:
    return organizations.create(db, OrganizationFacts(**facts), actor=actor).id


def _change(db: Work, organization_id: int, facts: Facts, /, *, revision: int, actor: Actor) -> None:
    wanted = replace(organizations.facts_of(db, organization_id), **facts)
    organizations.change(db, organization_id, wanted, revision=revision, actor=actor)


KIND = add(
    Kind(
        content_type=organizations.ORGANIZATIONS,
        plural="organizations",
        noun="organization",
        facts=OrganizationFactsSchema,
        read=organizations.facts_of,
        create=_create,
        change=_change,
        archive=organizations.archive,
        restore=organizations.restore,
        delete=delete_entry,
        example={"sort": "association", "website": "https://example.org"},
    )
)
blueprint = entries.operations_of(KIND, "Who stands behind places, contacts, offers and events.")
