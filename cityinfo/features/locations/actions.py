"""Changes to locations. Their words are saved and published as all words are, by `content`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cityinfo.features import content, media, organizations
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.parts import with_part

from . import categories, hours, queries, rules
from .models import Location
from .queries import KIND
from .rules import UNKNOWN, Address, LocationFacts


def create(db: Work, facts: LocationFacts, *, v3_id: int | None = None, actor: Actor) -> Location:
    """A new location, without a name yet: save and publish its first text."""
    rules.check(facts)
    categories.check(facts.categories, categories.all_categories(db))
    entry = content.create_entry(db, KIND, v3_id=v3_id)
    location = Location(id=entry.id)
    _put(db, location, facts)
    content.tell_created(db, entry, *_parts(db, location), actor=actor)
    return location


def change(db: Work, location_id: int, facts: LocationFacts, *, revision: int, actor: Actor) -> None:
    """Say something else of a location."""
    location = queries.find(db, location_id)
    entry = content.find_entry(db, location.id, KIND)
    content.check_entry_revision(entry, revision)
    rules.check(facts)
    before = content.state(db, entry, *_parts(db, location))
    _put(db, location, facts)
    after = content.state(db, entry, *_parts(db, location))
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)


def change_part(db: Work, location_id: int, part: Mapping[str, Any], /, *, revision: int, actor: Actor) -> None:
    """Say something else of some facts, as JSON writes them, and leave the others as they are.

    Whom it belongs to cannot be said here: that is nobody's to propose but the editors'.
    """
    facts = with_part(facts_of(db, location_id), part, closed=["organization"])
    change(db, location_id, facts, revision=revision, actor=actor)


def archive(db: Work, location_id: int, *, revision: int, actor: Actor) -> None:
    """Take the location out of public sight; refused while something that is not archived takes place there.

    Types whose entries end by themselves, as events do, hear `content.EntryArchived` and refuse on their own.
    """
    entry = content.find_entry(db, location_id, KIND)
    content.check_entry_revision(entry, revision)
    content.set_archived(db, entry, True, revision=revision, actor=actor)


def restore(db: Work, location_id: int, *, revision: int, actor: Actor) -> None:
    """Bring an archived location back as it was."""
    content.set_archived(db, content.find_entry(db, location_id, KIND), False, revision=revision, actor=actor)


def delete_for_good(db: Work, location_id: int, *, revision: int, actor: Actor) -> None:
    """Delete an archived location that nothing names any more."""
    content.delete_entry(db, content.find_entry(db, location_id, KIND), revision=revision, actor=actor)


def facts_of(db: Work, location_id: int) -> LocationFacts:
    """What is said of a location now, to be changed and put back."""
    location = queries.find(db, location_id)
    named = {
        role: next(iter(content.related(db, [location.id], role).get(location.id, ())), None)
        for role in (media.PICTURE, organizations.BELONGS_TO)
    }
    return LocationFacts(
        categories=categories.of_locations(db, [location.id])[location.id],
        address=queries.address_of(location),
        latitude=location.latitude,
        longitude=location.longitude,
        on_map=location.on_map,
        hours=location.hours,
        temporarily_closed=location.temporarily_closed,
        appointment_url=location.appointment_url,
        barrier_free=location.barrier_free,
        accessibility=location.accessibility,
        picture=named[media.PICTURE],
        organization=named[organizations.BELONGS_TO],
    )


def _parts(db: Work, location: Location) -> tuple[object, ...]:
    return location, categories.of_locations(db, [location.id])


def _put(db: Work, location: Location, facts: LocationFacts) -> None:
    _put_address(location, facts.address)
    location.latitude, location.longitude, location.on_map = facts.latitude, facts.longitude, facts.on_map
    location.hours, location.temporarily_closed = hours.check(facts.hours), facts.temporarily_closed
    location.appointment_url, location.barrier_free = facts.appointment_url, facts.barrier_free
    location.accessibility = {
        fact: facts.accessibility[fact]
        for fact in rules.ACCESSIBILITY
        if facts.accessibility.get(fact, UNKNOWN) != UNKNOWN
    }
    db.add(location)
    db.flush()
    categories.put(db, location.id, facts.categories)
    entry = content.find_entry(db, location.id)
    named = (
        (media.PICTURE, facts.picture, media.KIND),
        (organizations.BELONGS_TO, facts.organization, organizations.KIND),
    )
    for role, target, kind in named:
        content.relate(db, entry, role, [target] if target is not None else [], kind=kind)


def _put_address(location: Location, address: Address) -> None:
    location.street, location.addition = address.street.strip(), address.addition.strip()
    location.postal_code, location.town = address.postal_code.strip(), address.town.strip()
    location.country = address.country
