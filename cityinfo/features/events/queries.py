"""Reading events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from cityinfo.features import content
from cityinfo.features.content import Entry
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from .models import ChangedOccurrence, Event, EventOverride, ExternalCalendar, ExternalEvent, RefusedEvent
from .recurrence import Occurrence, Series, override_of

_DAYS = timedelta(days=2)  # by which no clock differs from another
_IS_KEPT = Entry.archived_at.is_(None)
KIND = "event"
OCCURRENCE = "occurrence"  # kind of one that differs, and role of the relation that leads to it from its event
LOCATION = "location"  # role of a relation, and kind of what it leads to: where an event takes place


def find(db: Work, event_id: int) -> Event:
    """The event; `NotFound` when there is none."""
    event = db.get(Event, (db.tenant_id, event_id))
    if event is None:
        raise NotFound("event.unknown", say("There is no event {event_id}.", event_id=event_id))
    return event


def events(db: Work, event_ids: Collection[int]) -> dict[int, Event]:
    """These events by identity. One statement for every 500."""
    found: dict[int, Event] = {}
    for ids in portions(event_ids):
        found.update({row.id: row for row in db.scalars(select(Event).where(Event.id.in_(ids)))})
    return found


def overrides(db: Work, event_ids: Collection[int]) -> dict[int, list[EventOverride]]:
    """The single occurrences that differ from their series, in order."""
    found: dict[int, list[EventOverride]] = {}
    for ids in portions(event_ids):
        statement = select(EventOverride).where(EventOverride.event_id.in_(ids))
        for row in db.scalars(statement.order_by(EventOverride.recurrence_id)):
            found.setdefault(row.event_id, []).append(row)
    return found


def occurrence(db: Work, occurrence_id: int) -> ChangedOccurrence:
    """The occurrence with words or a place of its own that is this entry; `NotFound` when there is none."""
    row = db.get(ChangedOccurrence, (db.tenant_id, occurrence_id))
    if row is None:
        raise NotFound("event.occurrence", say("There is no single date {occurrence_id}.", occurrence_id=occurrence_id))
    return row


def occurrence_ids(db: Work) -> dict[tuple[int, str], int]:
    """All occurrences with words or a place of their own, by event and by when the series has them begin."""
    row = ChangedOccurrence
    rows = db.execute(select(row.event_id, row.recurrence_id, row.id))
    return {(event_id, at): occurrence_id for event_id, at, occurrence_id in rows}


def changed(db: Work, event_ids: Collection[int]) -> dict[int, dict[str, ChangedOccurrence]]:
    """The occurrences with words or places of their own, by event and by when the series has them begin."""
    found: dict[int, dict[str, ChangedOccurrence]] = {}
    for ids in portions(event_ids):
        statement = select(ChangedOccurrence).where(ChangedOccurrence.event_id.in_(ids))
        for row in db.scalars(statement.order_by(ChangedOccurrence.recurrence_id)):
            found.setdefault(row.event_id, {})[row.recurrence_id] = row
    return found


def all_occurrence_ids(db: Work) -> Sequence[int]:
    return db.scalars(select(ChangedOccurrence.id).order_by(ChangedOccurrence.id)).all()


def series(event: Event, overrides: Sequence[EventOverride] = ()) -> Series:
    """When an event takes place."""
    return Series(
        starts=datetime.fromisoformat(event.starts),
        ends=datetime.fromisoformat(event.ends),
        zone=event.time_zone,
        rules=tuple(event.rules),
        dates=tuple(map(datetime.fromisoformat, event.dates)),
        exceptions=frozenset(map(datetime.fromisoformat, event.exceptions)),
        overrides=tuple(override_of(one.recurrence_id, one.starts, one.ends) for one in overrides),
    )


def taking_place(
    db: Work, since: datetime, until: datetime, among: Collection[int] | None = None
) -> list[tuple[Event, Occurrence]]:
    """What takes place between two moments, by its beginning; archived events do not. Two statements for every 500."""
    earliest, latest = (since - _DAYS).replace(tzinfo=None), (until + _DAYS).replace(tzinfo=None)
    kept = select(Event).join(Entry, Entry.id == Event.id).where(_IS_KEPT, Event.starts < latest.isoformat())
    rows = [
        row
        for row in db.scalars(kept)
        if (among is None or row.id in among) and (row.rules or row.dates or row.ends >= earliest.isoformat())
    ]
    differing = overrides(db, [row.id for row in rows if row.rules or row.dates])
    found = [(row, one) for row in rows for one in series(row, differing.get(row.id, ())).occurrences(since, until)]
    return sorted(found, key=lambda pair: (pair[1].starts_at, pair[0].id))


def series_by_id(db: Work, event_id: int) -> Series:
    return series(find(db, event_id), overrides(db, [event_id]).get(event_id, ()))


def all_ids(db: Work) -> Sequence[int]:
    return db.scalars(select(Event.id).order_by(Event.id)).all()


def is_imported(db: Work, event_id: int) -> bool:
    """Whether the event comes from a calendar elsewhere."""
    return db.scalar(select(ExternalEvent.uid).where(ExternalEvent.event_id == event_id).limit(1)) is not None


def imports_of(db: Work, event_id: int) -> Sequence[ExternalEvent]:
    """What calendars say of an event that comes from them."""
    return db.scalars(select(ExternalEvent).where(ExternalEvent.event_id == event_id)).all()


def refused(db: Work, calendar_id: int) -> dict[str, RefusedEvent]:
    """The events of a calendar that editors do not want, by their UID."""
    rows = db.scalars(select(RefusedEvent).where(RefusedEvent.calendar_id == calendar_id).order_by(RefusedEvent.uid))
    return {row.uid: row for row in rows}


def find_calendar(db: Work, calendar_id: int) -> ExternalCalendar:
    """The calendar; `NotFound` when there is none."""
    calendar = db.get(ExternalCalendar, (db.tenant_id, calendar_id))
    if calendar is None:
        raise NotFound("calendar.unknown", say("There is no calendar {calendar_id}.", calendar_id=calendar_id))
    return calendar


def has_calendar(db: Work, calendar_id: int) -> bool:
    """Whether it is still there."""
    return db.get(ExternalCalendar, (db.tenant_id, calendar_id)) is not None


def all_calendars(db: Work) -> Sequence[ExternalCalendar]:
    """All calendars that are imported, by name."""
    return db.scalars(select(ExternalCalendar).order_by(ExternalCalendar.name, ExternalCalendar.id)).all()


def calendars_of(db: Work, event_ids: Collection[int]) -> dict[int, ExternalCalendar]:
    """From which calendar events come, by event; none for the city's own. One statement for every 500."""
    of = ExternalCalendar.id == ExternalEvent.calendar_id
    found: dict[int, ExternalCalendar] = {}
    for ids in portions(event_ids):
        statement = select(ExternalEvent.event_id, ExternalCalendar).join(ExternalCalendar, of)
        found.update(db.execute(statement.where(ExternalEvent.event_id.in_(ids))).all())
    return found


def count_imported(db: Work) -> dict[int, int]:
    """How many events are here from each calendar."""
    statement = select(ExternalEvent.calendar_id, func.count()).group_by(ExternalEvent.calendar_id)
    return dict(db.execute(statement).all())


def imported(db: Work, calendar_id: int) -> dict[str, ExternalEvent]:
    """What became of a calendar's events, by their UID."""
    rows = db.scalars(select(ExternalEvent).where(ExternalEvent.calendar_id == calendar_id))
    return {row.uid: row for row in rows}


def count_coming(db: Work, location_id: int) -> int:
    """How many events that are not archived are still to take place there, with all or with single occurrences."""
    named = content.relating(db, [location_id], LOCATION).get(location_id, ())
    kept = db.scalars(select(Event.id).join(Entry, Entry.id == Event.id).where(Event.id.in_(named), _IS_KEPT))
    ends = {event_id: series_by_id(db, event_id).last_end() for event_id in kept}
    coming = {event_id for event_id, end in ends.items() if end is None or end > clock.now()}
    return len(coming | _coming_once(db, named))


def _coming_once(db: Work, occurrence_ids: Collection[int]) -> set[int]:
    """Events of which one of these occurrences is still to take place."""
    rows = db.scalars(
        select(ChangedOccurrence)
        .join(Entry, Entry.id == ChangedOccurrence.event_id)
        .where(ChangedOccurrence.id.in_(occurrence_ids), _IS_KEPT)
    ).all()
    return {
        row.event_id
        for row in rows
        if series_by_id(db, row.event_id).at(datetime.fromisoformat(row.recurrence_id)).ends_at > clock.now()
    }
