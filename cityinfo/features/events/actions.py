"""Changes to events. Their words are saved and published as all words are, by `content`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cityinfo.features import content, locations, media, organizations, tenants
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say, say_number

from . import occurrences, queries, rules
from .models import Event, RefusedEvent
from .queries import KIND, LOCATION
from .recurrence import Series

MOST_CATEGORIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """What is said of an event beside words. Times are what the clock on the wall shows, without offset.

    What lasts all day ends at the midnight after its last day. An empty time zone means the city's. `rules` are RRULEs
    (UNTIL in wall time, in UTC with Z, or a day), `dates` and `exceptions` additional and cancelled beginnings.
    """

    starts: datetime
    ends: datetime
    time_zone: str = ""
    all_day: bool = False
    only_weekdays: bool = False
    rules: Sequence[str] = ()
    dates: Sequence[datetime] = ()
    exceptions: Sequence[datetime] = ()
    categories: Sequence[str] = ()
    meeting_url: str = ""
    registration_url: str = ""
    location: int | None = None
    organization: int | None = None
    picture: int | None = None


def create(db: Work, facts: EventFacts, *, v3_id: int | None = None, actor: Actor) -> Event:
    """A new event, without words yet: save and publish its first text. One that is over cannot be created."""
    event = _create(db, facts, v3_id=v3_id, lenient=False, actor=actor)
    last_end = queries.series(event).last_end()
    if last_end is not None and last_end <= clock.now():
        raise Invalid("event.past", "The event would be over already; choose a time that is still to come.")
    return event


def create_imported(db: Work, facts: EventFacts, *, uid: str = "", v3_id: int | None = None, actor: Actor) -> Event:
    """The same for one that comes from elsewhere: it may be over, and a calendar may know it under a UID."""
    return _create(db, facts, uid=uid, v3_id=v3_id, lenient=True, actor=actor)


def change(db: Work, event_id: int, facts: EventFacts, *, revision: int, imported: bool = False, actor: Actor) -> None:
    """Say something else of an event. What was said of occurrences that it no longer has is forgotten."""
    event = queries.find(db, event_id)
    entry = content.find_entry(db, event.id, KIND)
    content.check_entry_revision(entry, revision)
    before = occurrences.state(db, event)
    _put(db, event, facts, lenient=imported)
    occurrences.forget_missing(db, event, actor=actor)
    occurrences.count(db, event, before=before, actor=actor)


def copy(db: Work, event_id: int, *, actor: Actor) -> Event:
    """A new event that says the same in all languages at the same times, not public yet. Not of an imported one."""
    event = queries.find(db, event_id)
    if queries.is_imported(db, event.id):
        raise Invalid("event.imported", "This event comes from a calendar elsewhere; copy it there.")
    twin = _create(db, facts_of(db, event), lenient=True, actor=actor)
    occurrences.copy_words(db, event.id, twin.id, actor=actor)
    occurrences.copy_all(db, event, twin, actor=actor)
    return twin


def archive(db: Work, event_id: int, *, revision: int, actor: Actor) -> None:
    """Take the event out of public sight."""
    content.set_archived(db, content.find_entry(db, event_id, KIND), True, revision=revision, actor=actor)


def restore(db: Work, event_id: int, *, revision: int, actor: Actor) -> None:
    """Bring an archived event back as it was."""
    content.set_archived(db, content.find_entry(db, event_id, KIND), False, revision=revision, actor=actor)


def delete_for_good(db: Work, event_id: int, *, revision: int, actor: Actor) -> None:
    """Delete an archived event. One that a calendar has is refused from now on."""
    entry, event = content.find_entry(db, event_id, KIND), queries.find(db, event_id)
    content.check_entry_revision(entry, revision)
    _refuse(db, event.id)
    changed = queries.changed(db, [event.id]).get(event.id, {})
    occurrences.forget(db, event, changed.values(), actor=actor)
    content.delete_entry(db, content.find_entry(db, event_id), revision=revision, actor=actor)


def pass_time(db: Work, event_id: int, moment: datetime, actor: Actor) -> None:
    """Publish and withdraw texts as scheduled, and let an event that is over leave."""
    content.pass_time(db, event_id, moment, actor)
    last_end = queries.series_by_id(db, event_id).last_end()
    if last_end is not None and last_end <= moment:
        before, after = digest(last_end, "coming"), digest(last_end, "over")
        tell(db, content.EntryChanged(actor=actor, kind=KIND, entry_id=event_id, before=before, after=after))


def planned(db: Work, facts: EventFacts, *, lenient: bool = False) -> Series:
    """When an event with these facts takes place; `Invalid` when it cannot be saved like this.

    `lenient` takes what calendars elsewhere say: no duration, a beginning that no rule describes.
    """
    zone = facts.time_zone or tenants.time_zone(db)
    rules.check_times(facts.starts, facts.ends, zone=zone, all_day=facts.all_day, lenient=lenient)
    rules.check_size(facts.rules, facts.dates, facts.exceptions)
    series = Series(
        facts.starts,
        facts.ends,
        zone,
        rules=tuple(rules.normal_rule(rule, starts=facts.starts, zone=zone) for rule in facts.rules),
        dates=tuple(facts.dates),
        exceptions=frozenset(facts.exceptions),
    )
    if not lenient:
        rules.check_start(series)
    return series


def facts_of(db: Work, event: Event) -> EventFacts:
    """What is said of an event now, as `change` takes it."""
    roles = {role: content.related(db, [event.id], role).get(event.id, [None])[0] for role in _roles()}
    return EventFacts(
        starts=datetime.fromisoformat(event.starts),
        ends=datetime.fromisoformat(event.ends),
        time_zone=event.time_zone,
        all_day=event.all_day,
        only_weekdays=event.only_weekdays,
        rules=tuple(event.rules),
        dates=tuple(map(datetime.fromisoformat, event.dates)),
        exceptions=tuple(map(datetime.fromisoformat, event.exceptions)),
        categories=tuple(event.categories),
        meeting_url=event.meeting_url,
        registration_url=event.registration_url,
        location=roles[LOCATION],
        organization=roles[organizations.BELONGS_TO],
        picture=roles[media.PICTURE],
    )


def _refuse(db: Work, event_id: int) -> None:
    """Remember what calendars call an event that is about to be deleted: it must not come back the next night."""
    for row in queries.imports_of(db, event_id):
        db.merge(
            RefusedEvent(
                tenant_id=db.tenant_id,
                calendar_id=row.calendar_id,
                uid=row.uid,
                title=row.said["title"],
                refused_at=clock.now(),
            )
        )


def _create(
    db: Work, facts: EventFacts, *, uid: str = "", v3_id: int | None = None, lenient: bool, actor: Actor
) -> Event:
    entry = content.create_entry(db, KIND, v3_id=v3_id)
    event = Event(id=entry.id, uid=uid, sequence=0)
    _put(db, event, facts, lenient=lenient)
    content.tell_created(db, entry, event, actor=actor)
    return event


def _put(db: Work, event: Event, facts: EventFacts, *, lenient: bool) -> None:
    _put_times(db, event, facts, lenient=lenient)
    rules.check_addresses(facts.meeting_url, facts.registration_url)
    event.only_weekdays = facts.only_weekdays
    event.categories = normal_categories(facts.categories)
    event.meeting_url, event.registration_url = facts.meeting_url, facts.registration_url
    db.add(event)
    db.flush()
    entry = content.find_entry(db, event.id)
    wanted = (facts.location, facts.organization, facts.picture)
    for (role, kind), target in zip(_roles().items(), wanted, strict=True):
        content.relate(db, entry, role, [target] if target is not None else [], kind=kind)


def _put_times(db: Work, event: Event, facts: EventFacts, *, lenient: bool) -> None:
    series = planned(db, facts, lenient=lenient)
    event.starts, event.ends = series.starts.isoformat(), series.ends.isoformat()
    event.time_zone, event.all_day, event.rules = series.zone, facts.all_day, list(series.rules)
    event.dates, event.exceptions = rules.stamps(facts.dates), rules.stamps(facts.exceptions)


def _roles() -> dict[str, str]:
    """The roles in which an event names other entries, each with their kind."""
    return {LOCATION: LOCATION, organizations.BELONGS_TO: organizations.KIND, media.PICTURE: media.KIND}


def normal_categories(names: Sequence[str]) -> list[str]:
    """Categories as they are kept: each once, in order."""
    found = sorted({" ".join(name.split())[:100] for name in names if name.strip()})
    if len(found) > MOST_CATEGORIES:
        raise Invalid("event.categories", say("An event has at most {most} categories.", most=MOST_CATEGORIES))
    return found


def keep_places(db: Work, facts: Sequence[content.EntryArchived]) -> None:
    """Hears that something was archived: a location where something is still to take place stays."""
    for fact in facts:
        if fact.kind == locations.KIND:
            _check_nothing_is_to_come(db, fact.entry_id)


def _check_nothing_is_to_come(db: Work, location_id: int) -> None:
    coming = queries.count_coming(db, location_id)
    if coming:
        sentence = say_number(
            "{number} event is still to take place at location {location_id}; move or archive it first.",
            "{number} events are still to take place at location {location_id}; move or archive them first.",
            coming,
            location_id=location_id,
        )
        raise Invalid("location.in_use", sentence)
