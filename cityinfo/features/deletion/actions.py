"""Closing a city, bringing it back, and asking for an archive of it before it goes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from cityinfo.features import tenants
from cityinfo.features.tenants import PlaceChanged
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say
from cityinfo.kernel.jobs import Job

from . import queries
from .facts import KIND, ArchiveAsked, TenantClosed, TenantRestored
from .models import CLOSED, GONE, PROVED, Deletion

DELETE = "deletion.delete"
ARCHIVE = "deletion.archive"
FORGET = "deletion.forget_archives"
ARCHIVES_STAY = timedelta(days=30)  # of a city that is not closed
_BEGINNING: dict[str, Any] = {"step": CLOSED, "deleted_at": None, "counts": {}, "proof": {}}
_BULK = {"synchronize_session": False}


def close(db: Work, typed: str, *, grace: timedelta, reason: str = "", actor: Actor) -> datetime:
    """Take the city from readers and editors at once, and promise to delete it after a time of grace; returns when.

    `typed` is its address, as whoever asks has typed it: `Invalid` when it is another one. `Conflict` when it is closed
    already.
    """
    tenant = tenants.own(db)
    if typed.strip().lower() != tenant.slug:
        raise Invalid("deletion.typed", say("Type the address of this city: “{slug}”.", slug=tenant.slug))
    if queries.deletion_of(db, tenant.id) is not None:
        raise Conflict("deletion.known", "This city is closed already.")
    due = clock.now() + grace
    row = Deletion(
        city_id=tenant.id,
        slug=tenant.slug,
        name=tenant.full_name,
        status=tenant.status,
        reason=reason.strip(),
        asked_by=str(actor),
        asked_at=clock.now(),
        due_at=due,
        job_id=jobs.enqueue(db, DELETE, run_after=due),
        **_BEGINNING,
    )
    db.add(row)
    db.flush()
    tenants.set_status(db, tenants.ARCHIVED, actor=actor)
    tell(db, TenantClosed(actor=actor, kind=KIND, entry_id=tenant.id, after=digest(tenant), note=row.reason))
    return due


def restore(db: Work, *, reason: str = "", actor: Actor) -> None:
    """Bring the city back as it was when it was closed, its status included. `Conflict` once its deletion has begun."""
    tenant = tenants.own(db)
    row = _closed(db)
    jobs.cancel(db, row.job_id)
    status, before = row.status, digest(tenant)
    db.delete(row)
    db.flush()
    tenants.set_status(db, status, actor=actor)
    jobs.enqueue(db, FORGET)
    said = {"before": before, "after": digest(tenant), "note": reason.strip()}
    tell(db, TenantRestored(actor=actor, kind=KIND, entry_id=tenant.id, **said))


def hasten(db: Work, typed: str) -> None:
    """Let the time of grace of a closed city end now, or a deletion that was given up go on.

    `Invalid` when what was typed is not its address.
    """
    row, now = queries.find(db, db.tenant_id), clock.now()
    if typed.strip().lower() != row.slug:
        raise Invalid("deletion.typed", say("Type the address of this city: “{slug}”.", slug=row.slug))
    if row.step in (GONE, PROVED):
        raise Conflict("deletion.done", "This city is deleted already.")
    row.due_at = now
    waiting = update(Job).where(Job.id == row.job_id, Job.finished_at.is_(None))
    db.execute(waiting.values(run_after=now, attempts=0, failure=None), execution_options=_BULK)


def ask_for_archive(db: Work, *, actor: Actor) -> int:
    """Promise an archive of the city as it is now, for staff of the platform to fetch; returns the job."""
    for waiting in jobs.open_jobs(db, ARCHIVE):
        if jobs.state_of(waiting) in (jobs.WAITING, jobs.RUNNING):
            return waiting.id
    job = jobs.enqueue(db, ARCHIVE)
    tell(db, ArchiveAsked(actor=actor, kind=KIND, entry_id=db.tenant_id, after=digest(tenants.own(db))))
    return job


def keep_closed(db: Work, facts: Sequence[PlaceChanged]) -> None:
    """A closed city comes back by being restored, and in no other way."""
    row = queries.deletion_of(db, db.tenant_id) if facts else None
    if row is not None and tenants.own(db).status != tenants.ARCHIVED:
        raise Conflict("deletion.closed", "This city is closed and will be deleted; restore it first.")


def _closed(db: Work) -> Deletion:
    row = queries.find(db, db.tenant_id)
    if row.step != CLOSED:
        raise Conflict("deletion.begun", "The deletion has begun; what is gone cannot come back.")
    return row
