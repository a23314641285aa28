"""Locations and contacts, as an editor would make them."""

from __future__ import annotations

from dataclasses import replace

from cityinfo.features import contacts, locations
from cityinfo.features.contacts import ContactFacts
from cityinfo.features.locations import Address, LocationFacts
from tests.factories import EDITOR, City
from tests.factories_entries import revision_of, write_in

HOME = Address(street="Musterweg 1", postal_code="86150", town="Augsburg")


def settle(
    city: City, title: str, *, language: str = "de", text: str = "<p>Offen für alle.</p>", slug=None, **facts: object
) -> int:
    """A new location with its first text, public."""
    with city.write() as db:
        given = {"categories": ["advice"], "address": HOME, **facts}
        location = locations.create(db, LocationFacts(**given), actor=EDITOR)
        write_in(db, location.id, title, language=language, text=text, slug=slug)
        return location.id


def change_location(city: City, location_id: int, **facts: object) -> None:
    """Say something else of a location; what is not given stays."""
    with city.write() as db:
        now = locations.facts_of(db, location_id)
        revision = revision_of(db, location_id)
        locations.change(db, location_id, replace(now, **facts), revision=revision, actor=EDITOR)


def category_of(city: City, slug: str, **names: str) -> str:
    """A category of the city's own; returns what names it."""
    with city.write() as db:
        return locations.save_category(db, slug, names=names, icon="gastronomy", color="#C38E03", actor=EDITOR).slug


def introduce(city: City, area: str, *, language: str = "de", text: str = "", **facts: object) -> int:
    """A new contact with what it is responsible for, public."""
    with city.write() as db:
        given = facts if facts.keys() & {"email", "mobile", "website", "location"} else {"phone": "0821 3240", **facts}
        contact = contacts.create(db, ContactFacts(**given), actor=EDITOR)
        write_in(db, contact.id, area, language=language, text=text)
        return contact.id


def change_contact(city: City, contact_id: int, **facts: object) -> None:
    with city.write() as db:
        revision = revision_of(db, contact_id)
        contacts.change(db, contact_id, ContactFacts(**facts), revision=revision, actor=EDITOR)
