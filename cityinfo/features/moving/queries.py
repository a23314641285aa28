"""Reading how cities move in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from cityinfo.kernel.db import EVERY_TENANT, Database, Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.jobs import Job

from .models import MovedEntry, MovedFile, MoveIn, MoveInRun
from .types import GONE


def move_in_of(db: Work) -> MoveIn:
    """Where this city comes from; `NotFound` when it does not come from anywhere."""
    found = db.get(MoveIn, db.tenant_id)
    if found is None:
        raise NotFound("moving.unknown", "This city does not come from another system.")
    return found


def runs(db: Work, *, before: int | None = None, most: int = 50) -> Sequence[MoveInRun]:
    """Runs, newest first; `before` is the last one seen."""
    statement = select(MoveInRun).order_by(MoveInRun.number.desc()).limit(most)
    if before is not None:
        statement = statement.where(MoveInRun.number < before)
    return db.scalars(statement).all()


def run_of(db: Work, number: int) -> MoveInRun:
    """One run; `NotFound` when there is none."""
    found = db.get(MoveInRun, (db.tenant_id, number))
    if found is None:
        raise NotFound("moving.no_run", "There was no such run.")
    return found


def gone_in(db: Work, number: int) -> dict[str, int]:
    """How many entries of each kind left in a run."""
    statement = select(MovedEntry.kind, func.count()).where(MovedEntry.run == number, MovedEntry.outcome == GONE)
    return {kind: int(count) for kind, count in db.execute(statement.group_by(MovedEntry.kind))}


def files_missing(db: Work) -> Sequence[MovedFile]:
    """Files of the old server that could not be had."""
    return db.scalars(select(MovedFile).where(MovedFile.media_id.is_(None)).order_by(MovedFile.address)).all()


def moving_cities(database: Database) -> dict[int, tuple[MoveIn, MoveInRun | None, Job | None]]:
    """Every city that comes from another system, with its last run and the job of that. For those who run the platform.

    A fixed number of statements.
    """
    newest = select(MoveInRun.tenant_id, func.max(MoveInRun.number).label("number")).group_by(MoveInRun.tenant_id)
    last = newest.subquery()
    joined = (last.c.tenant_id == MoveInRun.tenant_id) & (last.c.number == MoveInRun.number)
    job = (Job.tenant_id == MoveInRun.tenant_id) & (Job.id == MoveInRun.job_id)
    with database.unit_of_work(EVERY_TENANT, reason="looks for the cities that move in") as db:
        rows = db.execute(select(MoveInRun, Job).join(last, joined).outerjoin(Job, job)).all()
        runs: dict[int, tuple[MoveInRun, Job | None]] = {run.tenant_id: (run, job) for run, job in rows}
        return {one.tenant_id: (one, *runs.get(one.tenant_id, (None, None))) for one in db.scalars(select(MoveIn))}
