"""Events and their single dates, as archives have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cityinfo.features import content, events, tenants
from cityinfo.features.events import EventFacts, Whereabouts
from cityinfo.kernel.db import Work

from .doors import Ground, Kind, Known, New


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An occurrence that takes place at another time than its series says; without times it does not."""

    at: datetime
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSaid(EventFacts):
    """An event with the occurrences that take place at other times, and what other calendars call it."""

    moved: Sequence[Moved] = ()
    uid: str = ""


class Events(Kind):
    """Events, with the times of single dates."""

    def read(self, db: Work, entry_id: int) -> EventSaid:
        event = events.find(db, entry_id)
        said = {name: getattr(events.facts_of(db, event), name) for name in EventFacts.__dataclass_fields__}
        if said["time_zone"] == tenants.time_zone(db):
            said["time_zone"] = ""
        return EventSaid(**said, moved=_moved(db, entry_id), uid=event.uid)

    def create(self, ground: Ground, new: New) -> int:
        facts: EventSaid = new.facts
        event = events.create_imported(ground.db, facts, uid=facts.uid, v3_id=new.id_v3, actor=ground.actor)
        self._move(ground, event.id, facts.moved)
        return event.id

    def change(self, ground: Ground, known: Known) -> None:
        revision, actor = known.revision, ground.actor
        events.change(ground.db, known.id, known.facts, revision=revision, imported=True, actor=actor)
        self._move(ground, known.id, known.facts.moved)

    def _move(self, ground: Ground, event_id: int, wanted: Sequence[Moved]) -> None:
        db = ground.db
        known = {one.at: one for one in _moved(db, event_id)}
        said = {one.at: one for one in wanted}
        for at in sorted(known.keys() | said.keys()):
            if known.get(at) == said.get(at):
                continue
            revision = content.find_entry(db, event_id).revision
            if at in said:
                one = said[at]
                times = (one.starts, one.ends) if one.starts and one.ends else None
                events.override(db, event_id, at, times, revision=revision, actor=ground.actor)
            else:
                events.reset(db, event_id, at, revision=revision, actor=ground.actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceSaid:
    """An occurrence with words or a place of its own; `at` is when its series has it begin."""

    at: datetime
    elsewhere: bool = False
    location: int | None = None
    meeting_url: str = ""


class Occurrences(Kind):
    """Single dates with words or a place of their own."""

    def read(self, db: Work, entry_id: int) -> OccurrenceSaid:
        row = events.occurrence(db, entry_id)
        location = content.related(db, [entry_id], events.LOCATION).get(entry_id, [None])[0]
        return OccurrenceSaid(
            at=datetime.fromisoformat(row.recurrence_id),
            elsewhere=row.elsewhere,
            location=location,
            meeting_url=row.meeting_url,
        )

    def create(self, ground: Ground, new: New) -> int:
        event_id, facts = new.under or 0, new.facts
        revision = content.find_entry(ground.db, event_id, events.KIND).revision
        made = events.reword(ground.db, event_id, facts.at, revision=revision, actor=ground.actor)
        self._place(ground, event_id, facts)
        return made.id

    def change(self, ground: Ground, known: Known) -> None:
        self._place(ground, events.occurrence(ground.db, known.id).event_id, known.facts)

    def _place(self, ground: Ground, event_id: int, facts: OccurrenceSaid) -> None:
        place = Whereabouts(location=facts.location, meeting_url=facts.meeting_url) if facts.elsewhere else None
        revision = content.find_entry(ground.db, event_id).revision
        events.relocate(ground.db, event_id, facts.at, place, revision=revision, actor=ground.actor)


def _moved(db: Work, event_id: int) -> tuple[Moved, ...]:
    rows = events.overrides(db, [event_id]).get(event_id, ())
    return tuple(
        Moved(at=datetime.fromisoformat(row.recurrence_id), starts=_moment(row.starts), ends=_moment(row.ends))
        for row in rows
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
