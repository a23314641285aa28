"""Work that was promised and is done by the worker: looking, trying again, calling off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from cityinfo.api.v1.operations import Body
from cityinfo.kernel import jobs

from .drafts import list_schema
from .editing import Editing, Outcome, editing, record, section
from .entries import HERE
from .lists import NewestFirst, portion
from .values import Choice

blueprint = section("Editing: jobs", "Work that was promised and is done by the worker.")
ONE = f"{HERE}/jobs/<int:job_id>"
FACTS = ("id", "name", "created_at", "run_after", "attempts", "progress", "progress_text", "finished_at", "failure")


class JobSchema(Body):
    """A promise of work and how far it is."""

    id = fields.Integer(required=True)
    name = fields.String(required=True, metadata={"example": "events.run_calendar"})
    state = fields.String(required=True, metadata={"description": f"One of {', '.join(jobs.STATES)}."})
    created_at = fields.DateTime(required=True)
    run_after = fields.DateTime(required=True, allow_none=True)
    attempts = fields.Integer(required=True)
    progress = fields.Integer(required=True, metadata={"description": "Percent."})
    progress_text = fields.String(required=True)
    finished_at = fields.DateTime(required=True, allow_none=True)
    failure = fields.String(required=True, allow_none=True, metadata={"description": "What went wrong last."})


class JobFilter(NewestFirst):
    """Which jobs."""

    state = Choice("", *jobs.STATES, load_default="")


@editing(blueprint, f"{HERE}/jobs", needs=["jobs:read"], answer=list_schema(JobSchema, "JobList"), query=JobFilter)
def list_jobs(editor: Editing, query: Mapping[str, Any]) -> Outcome:
    """List jobs, newest first."""
    return portion(
        lambda before, most: jobs.listing(editor.db, state=query["state"], before=before, most=most), _written, query
    )


@editing(blueprint, ONE, needs=["jobs:read"], answer=JobSchema)
def get_job(editor: Editing, job_id: int) -> Outcome:
    """Read how far a job is."""
    return record(_written(jobs.find(editor.db, job_id)))


@editing(blueprint, f"{ONE}/retry", method="POST", needs=["jobs:manage"], answer=JobSchema, if_match=True)
def retry_job(editor: Editing, job_id: int) -> Outcome:
    """Let a job that was given up, or that waits for its next attempt, run now."""
    editor.compare(_written(jobs.find(editor.db, job_id)))
    return record(_written(jobs.retry(editor.db, job_id, actor=editor.actor)))


@editing(blueprint, f"{ONE}/cancel", method="POST", needs=["jobs:manage"], answer=JobSchema, if_match=True)
def cancel_job(editor: Editing, job_id: int) -> Outcome:
    """Call a job off. One that is running stops at its next step."""
    editor.compare(_written(jobs.find(editor.db, job_id)))
    return record(_written(jobs.call_off(editor.db, job_id, actor=editor.actor)))


def _written(job: jobs.Job) -> dict[str, Any]:
    return {**{name: getattr(job, name) for name in FACTS}, "state": jobs.state_of(job)}
