"""Changes to contact points. Their words are saved and published as all words are, by `content`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cityinfo.features import content, locations, organizations
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say, say_number
from cityinfo.kernel.parts import with_part

from . import queries, rules
from .models import Contact
from .queries import KIND
from .rules import ContactFacts


def create(db: Work, facts: ContactFacts, *, v3_id: int | None = None, actor: Actor) -> Contact:
    """A new contact, without words yet: the title of its texts says what it is responsible for."""
    rules.check(facts)
    _check_primary(db, None, facts.location, primary=facts.primary)
    entry = content.create_entry(db, KIND, v3_id=v3_id)
    contact = Contact(id=entry.id)
    _put(db, contact, facts)
    content.tell_created(db, entry, contact, actor=actor)
    return contact


def change(db: Work, contact_id: int, facts: ContactFacts, *, revision: int, actor: Actor) -> None:
    """Say something else of a contact; whatever shows it follows."""
    contact = queries.find(db, contact_id)
    entry = content.find_entry(db, contact.id, KIND)
    content.check_entry_revision(entry, revision)
    rules.check(facts)
    if entry.archived_at is None:
        _check_primary(db, contact.id, facts.location, primary=facts.primary)
    before = content.state(db, entry, contact)
    _put(db, contact, facts)
    after = content.state(db, entry, contact)
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)


def change_part(db: Work, contact_id: int, part: Mapping[str, Any], /, *, revision: int, actor: Actor) -> None:
    """Say something else of some facts, as JSON writes them, and leave the others as they are.

    Whom it belongs to cannot be said here: that is nobody's to propose but the editors'.
    """
    facts = with_part(facts_of(db, contact_id), part, closed=["organization", "region"])
    change(db, contact_id, facts, revision=revision, actor=actor)


def facts_of(db: Work, contact_id: int) -> ContactFacts:
    """What is said of the contact now, to change a part of it."""
    contact = queries.find(db, contact_id)
    targets = {
        role: next(iter(content.related(db, [contact.id], role).get(contact.id, ())), None)
        for role in (locations.PLACE, organizations.BELONGS_TO)
    }
    own = ("name", "phone", "mobile", "email", "website", "appointment_url", "hours")
    return ContactFacts(
        **{name: getattr(contact, name) for name in own},
        primary=contact.is_primary,
        location=targets[locations.PLACE],
        organization=targets[organizations.BELONGS_TO],
    )


def archive(db: Work, contact_id: int, *, revision: int, actor: Actor) -> None:
    """Take the contact out of public sight; refused while texts show it."""
    entry = content.find_entry(db, contact_id, KIND)
    _check_unused(db, entry.id)
    content.set_archived(db, entry, True, revision=revision, actor=actor)


def restore(db: Work, contact_id: int, *, revision: int, actor: Actor) -> None:
    """Bring an archived contact back as it was."""
    contact = queries.find(db, contact_id)
    location = next(iter(content.related(db, [contact.id], locations.PLACE).get(contact.id, ())), None)
    _check_location(db, location)
    _check_primary(db, contact.id, location, primary=contact.is_primary)
    content.set_archived(db, content.find_entry(db, contact_id, KIND), False, revision=revision, actor=actor)


def delete_for_good(db: Work, contact_id: int, *, revision: int, actor: Actor) -> None:
    """Delete an archived contact that no text shows any more."""
    entry = content.find_entry(db, contact_id, KIND)
    _check_unused(db, entry.id)
    content.delete_entry(db, entry, revision=revision, actor=actor)


def keep_places(db: Work, facts: Sequence[content.EntryArchived]) -> None:
    """Hears that something was archived: a location that contacts are at stays."""
    for fact in facts:
        if fact.kind == locations.KIND:
            _check_nobody_is_at(db, fact.entry_id)


def _check_nobody_is_at(db: Work, location_id: int) -> None:
    found = queries.at(db, location_id)
    if found:
        sentence = say_number(
            "Location {location_id} is still that of {number} contact; give it another one or archive it first.",
            "Location {location_id} is still that of {number} contacts; give them another one or archive them first.",
            len(found),
            location_id=location_id,
        )
        raise Invalid("location.in_use", sentence)


def _check_unused(db: Work, contact_id: int) -> None:
    uses = queries.uses(db, contact_id)
    if uses:
        sentence = say_number(
            "{number} entry shows this contact in a text; take it out there first.",
            "{number} entries show this contact in a text; take it out there first.",
            len(uses),
        )
        raise Invalid("contact.in_use", sentence, entries=uses)


def _check_primary(db: Work, contact_id: int | None, location: int | None, *, primary: bool) -> None:
    if not primary or location is None:
        return
    others = [one.id for one in queries.at(db, location) if one.is_primary and one.id != contact_id]
    if others:
        raise Invalid(
            "contact.primary_taken",
            "This location has a primary contact already; make that one an ordinary one first.",
            contact=others[0],
        )


def _check_location(db: Work, location: int | None) -> None:
    if location is not None and content.find_entry(db, location).archived_at is not None:
        raise Invalid(
            "contact.location_archived",
            say("Location {location} is archived; restore it or choose another one.", location=location),
        )


def _country(db: Work, location: int | None) -> str:
    return locations.find(db, location).country if location is not None else rules.REGION


def _put(db: Work, contact: Contact, facts: ContactFacts) -> None:
    _check_location_kind(db, facts.location)
    contact.name, contact.email = " ".join(facts.name.split()), rules.email(facts.email)
    region = facts.region or _country(db, facts.location)
    contact.phone, contact.mobile = (rules.phone_number(one, region) for one in (facts.phone, facts.mobile))
    contact.website, contact.appointment_url = facts.website, facts.appointment_url
    contact.hours, contact.is_primary = rules.check_hours(facts.hours), facts.primary
    db.add(contact)
    db.flush()
    entry = content.find_entry(db, contact.id)
    named = (
        (locations.PLACE, facts.location, locations.KIND),
        (organizations.BELONGS_TO, facts.organization, organizations.KIND),
    )
    for role, target, kind in named:
        content.relate(db, entry, role, [target] if target is not None else [], kind=kind)


def _check_location_kind(db: Work, location: int | None) -> None:
    if location is not None:
        locations.find(db, location)
        _check_location(db, location)
