"""What the public sees of contact points, computed from what editors have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from cityinfo.features import content, organizations
from cityinfo.features.content import ContentType, Key, Projection
from cityinfo.kernel.db import Work

from . import queries
from .models import Contact
from .queries import KIND


def affected(_db: Work, contact_ids: Collection[int], _widely: bool) -> set[int]:
    return set(contact_ids)


def project(db: Work, ids: Collection[int], active: Collection[str], languages: Collection[str]) -> Projection:
    """What the public sees of these contacts: documents in `languages`, outlines over all `active` ones."""
    words = content.Words(db, ids, active, languages, falls_back=content.falls_back(db))
    found = queries.contacts(db, words.entries)
    places = queries.places(db, found, active, languages)
    behind = organizations.of_entries(db, found, languages)

    def facts(key: Key) -> Mapping[str, Any]:
        return {**_facts(found[key[0]], places.get(key)), "organization": behind.get(key)}

    return words.projection(facts)


def _facts(contact: Contact, place: Mapping[str, Any] | None) -> dict[str, Any]:
    names = ("name", "phone", "mobile", "email", "website", "appointment_url")
    inherited = place["opening_hours"] if place else None
    at = {name: place[name] for name in ("id", "title", "address")} if place else None
    return {
        **{name: getattr(contact, name) or None for name in names},
        "primary": contact.is_primary,
        "opening_hours": contact.hours or inherited,
        "own_hours": bool(contact.hours),
        "location": at,
    }


CONTACTS = ContentType(
    kind=KIND,
    affected=affected,
    project=project,
    all_ids=queries.all_ids,
    pass_time=content.pass_time,
    path="contacts/",
    falls_back=content.where_wanted,
)
