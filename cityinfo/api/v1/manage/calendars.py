"""Calendars elsewhere whose events are taken over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import current_app
from marshmallow import fields, validate

from cityinfo.api.v1.operations import Body
from cityinfo.features import events, tenants
from cityinfo.features.events import CalendarDraft, ExternalCalendar
from cityinfo.kernel import jobs
from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.web.request import request_work

from .editing import Editing, Outcome, editing, record, section
from .entries import HERE
from .lists import whole_list
from .values import Identity, Line, Sent

blueprint = section("Editing: calendars", "Calendars elsewhere whose events are taken over every night.")
ONE = f"{HERE}/calendars/<int:calendar_id>"
FACTS = (
    *("id", "name", "address", "category", "language", "paused", "revision"),
    *("last_run_at", "last_result", "last_error"),
)


class CalendarDraftSchema(Sent):
    """How a calendar shall be taken over."""

    name = fields.String(
        required=True, validate=validate.Length(min=1, max=200), metadata={"example": "Volkshochschule"}
    )
    address = fields.String(
        required=True,
        validate=validate.Length(min=1, max=2_000),
        metadata={"format": "uri", "example": "https://example.org/kurse.ics"},
    )
    language = fields.String(required=True, validate=validate.Length(min=1, max=20), metadata={"example": "de"})
    category = Line(200, load_default="", metadata={"description": "Only events of this category; empty: all."})
    location = Identity(load_default=None, allow_none=True, metadata={"description": "Where everything takes place."})
    paused = fields.Boolean(load_default=False, metadata={"description": "Not taken over every night for now."})


class CalendarSchema(Body):
    """A calendar and how its last run went."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    category = fields.String(required=True)
    language = fields.String(required=True)
    location = fields.Integer(required=True, allow_none=True)
    paused = fields.Boolean(required=True)
    revision = fields.Integer(required=True)
    last_run_at = fields.DateTime(required=True, allow_none=True)
    last_result = fields.Dict(required=True, metadata={"example": {"new": 3, "changed": 0, "vanished": 0}})
    last_error = fields.String(required=True)


class RejectedSchema(Body):
    """An event that cannot be taken over."""

    uid = fields.String(required=True)
    title = fields.String(required=True)
    reason = fields.String(required=True)
    line = fields.Integer(required=True, metadata={"description": "Where it begins in the file; 0 if that is unknown."})


class PreviewSchema(Body):
    """What a run would do now."""

    new = fields.List(fields.String(), required=True)
    changed = fields.List(fields.String(), required=True)
    vanished = fields.List(fields.String(), required=True)
    rejected = fields.List(fields.Nested(RejectedSchema), required=True)
    unchanged = fields.Integer(required=True)


class PromiseSchema(Body):
    """A job that was promised."""

    job_id = fields.Integer(required=True)


@contextmanager
def _fetched(_tenant: str, path: Mapping[str, Any]) -> Iterator[Any]:
    """What the calendar says, asked before the unit of work in which it is compared."""
    with request_work() as (db, _):
        calendar, zone = events.find_calendar(db, path["calendar_id"]), tenants.time_zone(db)
    source = current_app.extensions["calendars"]()
    try:
        read = events.fetch(source, calendar, zone=zone)
    except Unavailable as failure:  # the other side's, so nothing of ours is unavailable
        raise Invalid(failure.code, failure.message) from failure
    yield read


@editing(blueprint, f"{HERE}/calendars", needs=["calendar:read"], answer=whole_list(CalendarSchema, "CalendarList"))
def list_calendars(editor: Editing) -> Outcome:
    """List the calendars that are taken over."""
    return Outcome({"items": [_written(one) for one in events.all_calendars(editor.db)]})


@editing(
    blueprint,
    f"{HERE}/calendars",
    method="POST",
    needs=["calendar:manage"],
    body=CalendarDraftSchema,
    answer=CalendarSchema,
    status=201,
)
def add_calendar(editor: Editing, body: Mapping[str, Any]) -> Outcome:
    """Take a calendar over from now on."""
    made = events.add_calendar(editor.db, CalendarDraft(**body), actor=editor.actor)
    location = f"/api/v1/manage/{editor.tenant}/calendars/{made.id}"
    return record(_written(made), status=201, location=location)


@editing(blueprint, ONE, needs=["calendar:read"], answer=CalendarSchema, name="getExternalCalendar")
def get_calendar(editor: Editing, calendar_id: int) -> Outcome:
    """Read a calendar and how its last run went."""
    return record(_written(events.find_calendar(editor.db, calendar_id)))


@editing(
    blueprint,
    ONE,
    method="PUT",
    needs=["calendar:manage"],
    body=CalendarDraftSchema,
    answer=CalendarSchema,
    if_match=True,
)
def change_calendar(editor: Editing, body: Mapping[str, Any], calendar_id: int) -> Outcome:
    """Take a calendar over in another way."""
    calendar = events.find_calendar(editor.db, calendar_id)
    editor.compare(_written(calendar), body)
    draft, revision = CalendarDraft(**body), calendar.revision
    events.change_calendar(editor.db, calendar_id, draft, revision=revision, actor=editor.actor)
    return record(_written(calendar))


@editing(blueprint, ONE, method="DELETE", needs=["calendar:manage"], answer=None, status=204, if_match=True)
def remove_calendar(editor: Editing, calendar_id: int) -> Outcome:
    """Take nothing over any more; what is still to come is withdrawn."""
    editor.compare(_written(events.find_calendar(editor.db, calendar_id)))
    events.remove_calendar(editor.db, calendar_id, actor=editor.actor)
    return Outcome()


@editing(blueprint, f"{ONE}/preview", needs=["calendar:manage"], answer=PreviewSchema, around=_fetched)
def preview_calendar(editor: Editing, read: Any, calendar_id: int) -> Outcome:
    """Read what a run would do now. The calendar is asked for it."""
    plan = events.preview(editor.db, calendar_id, read)
    rejected = [one.written() for one in plan.rejected]
    titles = {"new": plan.new, "changed": plan.changed, "vanished": plan.vanished}
    return Outcome({**titles, "rejected": rejected, "unchanged": plan.unchanged})


@editing(blueprint, f"{ONE}/run", method="POST", needs=["calendar:manage"], answer=PromiseSchema, status=202)
def run_calendar(editor: Editing, calendar_id: int) -> Outcome:
    """Take the calendar over now: a job does it, and `last_result` tells how it went."""
    events.find_calendar(editor.db, calendar_id)
    job_id = jobs.enqueue(editor.db, events.RUN_CALENDAR, calendar_id=calendar_id)
    editor.db.flush()
    return Outcome({"job_id": job_id}, status=202)


def _written(calendar: ExternalCalendar) -> dict[str, Any]:
    return {**{name: getattr(calendar, name) for name in FACTS}, "location": calendar.location_id}
