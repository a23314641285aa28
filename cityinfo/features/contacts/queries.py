"""Reading contact points."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cityinfo.features import content, locations
from cityinfo.features.content import Entry, Key, Reference
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from . import rules
from .models import Contact

KIND = "contact"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something in a text that a contact says better: shown as its card, it follows when it changes."""

    found: str
    contact_id: int


def find(db: Work, contact_id: int) -> Contact:
    """The contact; `NotFound` when there is none."""
    contact = db.get(Contact, (db.tenant_id, contact_id))
    if contact is None:
        raise NotFound("contact.unknown", say("There is no contact {contact_id}.", contact_id=contact_id))
    return contact


def contacts(db: Work, contact_ids: Collection[int]) -> dict[int, Contact]:
    found: dict[int, Contact] = {}
    for ids in portions(contact_ids):
        found.update({row.id: row for row in db.scalars(select(Contact).where(Contact.id.in_(ids)))})
    return found


def all_ids(db: Work) -> Sequence[int]:
    return db.scalars(select(Contact.id).order_by(Contact.id)).all()


def at(db: Work, location_id: int) -> list[Contact]:
    """The contacts at a location that are not archived, oldest first."""
    ids = content.relating(db, [location_id], locations.PLACE).get(location_id, [])
    statement = select(Contact).join(Entry, Entry.id == Contact.id)
    return list(db.scalars(statement.where(Contact.id.in_(ids), Entry.archived_at.is_(None)).order_by(Contact.id)))


def uses(db: Work, contact_id: int) -> list[int]:
    """Entries whose texts of now show or link to the contact, archived ones aside."""
    statement = select(Reference.entry_id).join(Entry, Entry.id == Reference.entry_id)
    statement = statement.where(Reference.to_entry_id == contact_id, Entry.archived_at.is_(None))
    return sorted(set(db.scalars(statement)) - {contact_id})


def suggestions(db: Work, text: str) -> list[Suggestion]:
    """Plain e-mail addresses and phone numbers in a text that belong to a contact; such a contact could stand there."""
    found = dict(rules.found_in(text))
    if not found:
        return []
    statement = select(Contact).join(Entry, Entry.id == Contact.id).where(Entry.archived_at.is_(None))
    known: dict[str, int] = {}
    for contact in db.scalars(statement.order_by(Contact.id)):
        for datum in (contact.email.casefold(), contact.phone, contact.mobile):
            known.setdefault(datum, contact.id)
    return [Suggestion(as_written, known[datum]) for as_written, datum in found.items() if datum in known]


def places(
    db: Work, contact_ids: Collection[int], active: Collection[str], languages: Collection[str]
) -> dict[Key, Mapping[str, Any]]:
    """What contacts say of the location they are at, by contact and language; none that is not public."""
    named = {one: targets[0] for one, targets in content.related(db, contact_ids, locations.PLACE).items()}
    words = content.Words(db, set(named.values()), active, languages, falls_back=lambda _: True)
    found = locations.locations(db, words.entries)
    return {
        (contact_id, language): {
            "id": target,
            "title": words.version((target, language)).title,
            "address": locations.described_address(found[target], language),
            "opening_hours": found[target].hours or None,
        }
        for contact_id, target in named.items()
        for language in languages
        if (target, language) in words.written
    }
