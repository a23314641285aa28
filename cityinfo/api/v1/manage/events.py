"""Editing events: when they take place, single dates, copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marshmallow import fields

from cityinfo.features import events
from cityinfo.features.events import EventFacts
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from . import entries
from .drafts import entry_outcome, entry_schema
from .editing import Editing, Outcome, editing
from .kinds import Facts, Kind, add, delete_entry
from .values import Flag, Identity, Line, Sent, WallTime

EXAMPLE = {"starts": "2027-05-01T18:00:00", "ends": "2027-05-01T20:00:00", "rules": ["FREQ=WEEKLY;BYDAY=SA"]}


class EventFactsSchema(Sent):
    """When an event takes place, and what else is said of it beside words. Times are those of the clock on the wall."""

    starts = WallTime(required=True)
    ends = WallTime(required=True, metadata={"description": "What lasts all day ends at the midnight after."})
    time_zone = Line(60, load_default="", metadata={"description": "Empty: the city's.", "example": "Europe/Berlin"})
    all_day = Flag(load_default=False)
    only_weekdays = Flag(load_default=False)
    rules = fields.List(Line(500), load_default=tuple, metadata={"description": "RRULEs as RFC 5545 writes them."})
    dates = fields.List(WallTime(), load_default=tuple, metadata={"description": "Additional beginnings."})
    exceptions = fields.List(WallTime(), load_default=tuple, metadata={"description": "Cancelled beginnings."})
    categories = fields.List(Line(100), load_default=tuple)
    meeting_url = Line(2_000, load_default="")
    registration_url = Line(2_000, load_default="")
    location = Identity(load_default=None, allow_none=True)
    organization = Identity(load_default=None, allow_none=True)
    picture = Identity(load_default=None, allow_none=True, metadata={"description": "A media file."})


class OccurrenceSchema(Sent):
    """One date of a series that takes place at other times, or not at all."""

    original = WallTime(required=True, metadata={"description": "When the series would have it begin."})
    starts = WallTime(load_default=None, allow_none=True, metadata={"description": "Null, as `ends`: it is cancelled."})
    ends = WallTime(load_default=None, allow_none=True)


class OriginalSchema(Sent):
    """One date of a series."""

    original = WallTime(required=True, metadata={"description": "When the series has it begin."})


def _create(db: Work, facts: Facts, actor: Actor) -> int:
    return events.create(db, EventFacts(**facts), actor=actor).id


def _read(db: Work, event_id: int) -> EventFacts:
    return events.facts_of(db, events.find(db, event_id))


def _change(db: Work, event_id: int, facts: Facts, /, *, revision: int, actor: Actor) -> None:
    events.change(db, event_id, replace(_read(db, event_id), **facts), revision=revision, actor=actor)


KIND = add(
    Kind(
        content_type=events.EVENTS,
        plural="events",
        noun="event",
        facts=EventFactsSchema,
        read=_read,
        create=_create,
        change=_change,
        archive=events.archive,
        restore=events.restore,
        delete=delete_entry,
        example=EXAMPLE,
    )
)
blueprint = entries.operations_of(KIND, "What takes place, once or repeatedly.")
ONE = f"{entries.HERE}/events/<int:entry_id>"
EventDraft = entry_schema(KIND)


@editing(
    blueprint,
    f"{ONE}/occurrences",
    method="PUT",
    needs=["event:edit"],
    body=OccurrenceSchema,
    answer=EventDraft,
    if_match=True,
)
def change_occurrence(editor: Editing, body: Mapping[str, Any], entry_id: int) -> Outcome:
    """Let one date of a series take place at other times, or cancel it."""
    entries.opened(editor, "edit", KIND.plural, entry_id)
    times = (body["starts"], body["ends"]) if body["starts"] and body["ends"] else None
    events.override(editor.db, entry_id, body["original"], times, **editor.entry)
    return entry_outcome(editor, KIND, entry_id)


@editing(
    blueprint,
    f"{ONE}/occurrences/reset",
    method="POST",
    needs=["event:edit"],
    body=OriginalSchema,
    answer=EventDraft,
    if_match=True,
)
def reset_occurrence(editor: Editing, body: Mapping[str, Any], entry_id: int) -> Outcome:
    """Let one date take place as the series says again."""
    entries.opened(editor, "edit", KIND.plural, entry_id)
    events.reset(editor.db, entry_id, body["original"], **editor.entry)
    return entry_outcome(editor, KIND, entry_id)


@editing(blueprint, f"{ONE}/copy", method="POST", needs=["event:create"], answer=EventDraft, status=201)
def copy_event(editor: Editing, entry_id: int) -> Outcome:
    """Make a new event that says the same, not public yet."""
    entries.opened(editor, "read", KIND.plural, entry_id)
    twin = events.copy(editor.db, entry_id, actor=editor.actor)
    location = f"/api/v1/manage/{editor.tenant}/events/{twin.id}"
    return entry_outcome(editor, KIND, twin.id, status=201, location=location)
