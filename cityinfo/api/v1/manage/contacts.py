"""Editing contacts."""

from __future__ import annotations

from dataclasses import replace

from cityinfo.features import contacts
from cityinfo.features.contacts import ContactFacts
from cityinfo.features.locations import hours
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from . import entries
from .kinds import Facts, Kind, add
from .values import Flag, Identity, Line, Sent


class ContactFactsSchema(Sent):
    """How someone can be reached. What they are responsible for is the title of the texts."""

    name = Line(300, load_default="", metadata={"description": "Of a person.", "example": "Amal Haddad"})
    phone = Line(60, load_default="", metadata={"example": "+49 821 3240"})
    mobile = Line(60, load_default="")
    email = Line(254, load_default="", metadata={"example": "amal@example.org"})
    website = Line(2_000, load_default="")
    appointment_url = Line(2_000, load_default="")
    hours = Line(
        hours.MOST_HOURS,
        load_default="",
        metadata={"description": "Empty: those of the location.", "example": hours.EXAMPLE},
    )
    primary = Flag(load_default=False, metadata={"description": "The one to ask first at its location."})
    location = Identity(load_default=None, allow_none=True)
    organization = Identity(load_default=None, allow_none=True)
    region = Line(
        2,
        load_default="",
        metadata={
            "description": "Whose numbers need no country code (ISO 3166). Empty: the location's country, else Germany."
        },
    )


def _create(db: Work, facts: Facts, actor: Actor) -> int:
    return contacts.create(db, ContactFacts(**facts), actor=actor).id


def _change(db: Work, contact_id: int, facts: Facts, /, *, revision: int, actor: Actor) -> None:
    wanted = replace(contacts.facts_of(db, contact_id), **facts)
    contacts.change(db, contact_id, wanted, revision=revision, actor=actor)


KIND = add(
    Kind(
        content_type=contacts.CONTACTS,
        plural="contacts",
        noun="contact",
        facts=ContactFactsSchema,
        read=contacts.facts_of,
        create=_create,
        change=_change,
        archive=contacts.archive,
        restore=contacts.restore,
        delete=contacts.delete_for_good,
        example={"name": "Amal Haddad", "phone": "+49 821 3240"},
    )
)
blueprint = entries.operations_of(KIND, "Whom to turn to.")
