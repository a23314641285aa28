"""The outbox: work that is promised in a transaction and done later by a worker.

The row is the truth. A queue only wakes workers up and may forget: the sweep finds every row that is due and that
nobody holds. A row ends in the transaction that says so, so a worker that dies loses its lease and nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Index, Select, delete, func, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from . import clock, facts
from .db import EVERY_TENANT, Base, Database, TenantOwned, Work
from .digests import digest
from .errors import Invalid, NotFound, Problem
from .i18n import say

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
SWEEP_LIMIT = 500
ENDED_STAY = timedelta(days=30)

JOB = "job"  # as the audit log names them
WAITING, RUNNING, FAILED, DONE, CANCELLED = "waiting", "running", "failed", "done", "cancelled"
STATES = (WAITING, RUNNING, FAILED, DONE, CANCELLED)
WORKER_DIED = "WorkerDied"

Argument = int | str
JobFunction = Callable[..., None]  # (run: Run, **arguments)
Wake = Callable[[int, int], None]  # (tenant_id, job_id)

_BULK = {"synchronize_session": False}


class Job(TenantOwned, Base):
    """A promise. Open while `finished_at` is empty; open without `run_after` means given up.

    `failure` names what went wrong last, or says that the job was cancelled; a job that has done its work has none.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "ix_job_open",
            "run_after",
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    run_after: Mapped[datetime | None]
    attempts: Mapped[int]
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[int | None]
    progress: Mapped[int]
    progress_text: Mapped[str]
    finished_at: Mapped[datetime | None]
    failure: Mapped[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged(facts.Change):
    """Someone let a job run again, or called it off; `note` says which."""

    needs: ClassVar[str] = "jobs:manage"


class JobStopped(Exception):
    """The job is no longer ours: it was cancelled, or its lease ran out and another worker has it.

    Not a `Problem`: a job that goes on after problems with single items must not go on after this.
    """


class Run:
    """One attempt at a job: what its function is given to work with, for the job's own tenant only.

    A job must be safe to run twice. It calls `progress` at least every 30 seconds, or names a longer `lease` before a
    step that takes longer: when the lease ends, another worker may begin.
    """

    def __init__(self, database: Database, *, tenant_id: int, job_id: int, token: int, attempt: int) -> None:
        self.database = database
        self.tenant_id = tenant_id
        self.job_id = job_id
        self.attempt = attempt
        self.token = token
        self.finished = False
        self._writing = False

    @contextmanager
    def unit_of_work(self, *, write: bool = False, numbered: bool = True) -> Iterator[Work]:
        """A unit of work of the job's tenant, as `Database.unit_of_work`."""
        with self.database.unit_of_work(self.tenant_id, write=write, numbered=numbered) as db:
            outer, self._writing = self._writing, self._writing or write
            try:
                yield db
            finally:
                self._writing = outer

    def progress(self, percent: int, text: str = "", *, lease: timedelta = LEASE) -> None:
        """Show how far the job is and renew its lease; raises `JobStopped` when it is no longer ours.

        Belongs between units of work: inside a writing one it would wait for itself.
        """
        if self._writing:
            raise RuntimeError("Progress is told between units of work, not inside a writing one.")
        with self.database.unit_of_work(self.tenant_id, write=True, numbered=False) as db:
            percent = min(max(percent, 0), 100)
            _change_own(db, self, progress=percent, progress_text=text, lease_until=clock.now() + lease)

    def hold(self, db: Work, *, lease: timedelta = LEASE) -> None:
        """Renew the lease in a unit of work that writes, so that nothing is written once the job is no longer ours.

        Raises `JobStopped`, and so undoes the unit of work, when it is not.
        """
        _change_own(db, self, lease_until=clock.now() + lease)

    def finish(self, db: Work) -> None:
        """End the job in the unit of work that carries its result, so that both are kept or neither.

        Raises `JobStopped`, and so undoes the unit of work, when the job is no longer ours.
        """
        _change_own(db, self, finished_at=clock.now(), progress=100, failure=None, lease_until=None, lease_token=None)
        db.after_commit.append(self._note_finished)

    def _note_finished(self) -> None:
        self.finished = True


def enqueue(db: Work, name: str, /, *, run_after: datetime | None = None, **arguments: Argument) -> int:
    """Promise a job in the caller's own transaction and return its id.

    Arguments are ids and short names, never content: the job reads what is true when it runs.
    """
    _check_arguments(arguments)
    now = clock.now()
    job = Job(
        id=db.new_id(),
        name=name,
        arguments=arguments,
        created_at=now,
        run_after=run_after or now,
        attempts=0,
        progress=0,
        progress_text="",
    )
    db.add(job)
    if run_after is None or run_after <= now:
        db.after_commit.append(partial(_wake, db.database, db.tenant_id, job.id))
    return job.id


def cancel(db: Work, job_id: int) -> None:
    """Take a job back. One that is running stops at its next progress; one that has ended stays as it is."""
    _cancel(db, Job.id == job_id)


def cancel_others(db: Work, job_id: int | None = None) -> None:
    """Take back all jobs of the city but this one, or all of them."""
    _cancel(db, Job.id.is_distinct_from(job_id))


def call_off(db: Work, job_id: int, *, actor: facts.Actor) -> Job:
    """The same by someone's wish. What has ended cannot be called off."""
    job = find(db, job_id)
    if job.finished_at is not None:
        raise Invalid("job.ended", "This job has ended already.")
    before = digest(job)
    cancel(db, job_id)
    db.refresh(job)
    _tell(db, job, before, CANCELLED, actor)
    return job


def retry(db: Work, job_id: int, *, actor: facts.Actor) -> Job:
    """Let a job that was given up, or that waits for its next attempt, run now; its attempts are counted anew."""
    job = find(db, job_id)
    if job.finished_at is not None or job.lease_until is not None:
        raise Invalid("job.not_waiting", "This job runs at present or has ended; there is nothing to try again.")
    before = digest(job)
    job.run_after, job.attempts = clock.now(), 0
    db.flush()
    db.after_commit.append(partial(_wake, db.database, db.tenant_id, job.id))
    _tell(db, job, before, "retried", actor)
    return job


def hasten(db: Work, job: Job) -> None:
    """Let a job that waits for its time, or for its next attempt, run now."""
    now = clock.now()
    if job.run_after is not None and job.run_after > now:
        job.run_after = now
        db.after_commit.append(partial(_wake, db.database, db.tenant_id, job.id))


def find(db: Work, job_id: int) -> Job:
    """The job; `NotFound` when there is none."""
    job = db.get(Job, (db.tenant_id, job_id))
    if job is None:
        raise NotFound("job.unknown", say("There is no job {job_id}.", job_id=job_id))
    return job


def listing(db: Work, *, state: str = "", before: int | None = None, most: int = 50) -> Sequence[Job]:
    """Jobs of the city, newest first. `state`: one of `STATES`, empty for all; `before` is the last one seen."""
    statement = select(Job).order_by(Job.id.desc()).limit(most)
    if before is not None:
        statement = statement.where(Job.id < before)
    return db.scalars(statement.where(*_in_state(state))).all()


def open_jobs(db: Work, name: str, *, lock: bool = False) -> Sequence[Job]:
    """Jobs of a name that have not ended, oldest first: promised, running or given up.

    `lock` lets no worker begin one before this unit of work has ended.
    """
    statement = select(Job).where(Job.name == name, Job.finished_at.is_(None)).order_by(Job.id)
    return db.scalars(statement.with_for_update() if lock else statement).all()


def count(db: Work, *, state: str = "") -> int:
    """How many jobs of the city are in a state, as for `listing`."""
    return db.scalar(select(func.count()).select_from(Job).where(*_in_state(state))) or 0


def state_of(job: Job) -> str:
    """One word for where a job stands."""
    if job.finished_at is not None:
        return DONE if job.failure is None else CANCELLED
    if job.run_after is None:
        return FAILED
    return RUNNING if job.lease_until is not None and job.lease_until > clock.now() else WAITING


def run_job(database: Database, jobs: Mapping[str, JobFunction], tenant_id: int, job_id: int) -> None:
    """Run a job if it is due and nobody holds it; otherwise do nothing. A failure is kept with the row.

    Raises `Unavailable` when the database does not answer; the sweep then hands the job over again.
    """
    taken = _take_lease(database, tenant_id, job_id)
    if taken is None:
        return
    run, name, arguments = taken
    try:
        _function(jobs, name)(run, **arguments)
        if not run.finished:
            with run.unit_of_work(write=True, numbered=False) as db:
                run.finish(db)
    except JobStopped:
        logger.info("Job %s of tenant %s (%s) was stopped.", job_id, tenant_id, name)
    except Exception as failure:
        logger.warning("Job %s of tenant %s (%s) failed.", job_id, tenant_id, name, exc_info=True)
        _keep_failure(run, failure)


def sweep(database: Database) -> list[tuple[int, int]]:
    """Tenant and id of every job that is due and that nobody holds, longest waiting first, at most 500."""
    with database.unit_of_work(EVERY_TENANT, reason="hands over jobs that are due") as db:
        return [(tenant_id, job_id) for tenant_id, job_id in db.execute(_due_jobs(clock.now()))]


def forget_ended(database: Database) -> int:
    """Delete the rows of jobs that ended long ago; returns how many."""
    limit = clock.now() - ENDED_STAY
    with database.unit_of_work(EVERY_TENANT, reason="looks for jobs that ended long ago") as db:
        rows = db.execute(select(Job.tenant_id, Job.id).where(Job.finished_at < limit)).all()
    for tenant_id in {tenant_id for tenant_id, _ in rows}:
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            db.execute(delete(Job).where(Job.finished_at < limit), execution_options=_BULK)
    return len(rows)


def pause_after(attempts: int) -> timedelta:
    """How long to wait before the next attempt: doubles each time, one hour at most."""
    return min(FIRST_PAUSE * (1 << attempts), LONGEST_PAUSE)


def _check_arguments(arguments: Mapping[str, object]) -> None:
    for name, value in arguments.items():
        if not isinstance(value, Argument):
            raise TypeError(f"A job takes ids and short names; {name} is {type(value).__name__}.")


def _wake(database: Database, tenant_id: int, job_id: int) -> None:
    if database.wake is None:
        return
    try:
        database.wake(tenant_id, job_id)
    except Exception:  # the save has been kept; the sweep finds the job
        logger.warning("No worker was woken for job %s of tenant %s.", job_id, tenant_id, exc_info=True)


def _due_jobs(now: datetime) -> Select[int, int]:
    return (
        select(Job.tenant_id, Job.id)
        .where(*_is_free(now))
        .order_by(Job.run_after, Job.tenant_id, Job.id)
        .limit(SWEEP_LIMIT)
    )


def _is_free(now: datetime) -> Sequence[ColumnElement[bool]]:
    return (
        Job.finished_at.is_(None),
        Job.run_after <= now,
        or_(Job.lease_until.is_(None), Job.lease_until <= now),
    )


def _cancel(db: Work, which: ColumnElement[bool]) -> None:
    values = {"finished_at": clock.now(), "failure": CANCELLED, "lease_until": None, "lease_token": None}
    db.execute(update(Job).where(which, Job.finished_at.is_(None)).values(**values), execution_options=_BULK)


def _tell(db: Work, job: Job, before: str, note: str, actor: facts.Actor) -> None:
    said = {"before": before, "after": digest(job), "note": note}
    facts.tell(db, JobChanged(actor=actor, kind=JOB, entry_id=job.id, **said))


def _in_state(state: str) -> Sequence[ColumnElement[bool]]:
    is_open, holds = Job.finished_at.is_(None), Job.lease_until.is_not(None) & (Job.lease_until > clock.now())
    return {
        WAITING: (is_open, Job.run_after.is_not(None), ~holds | Job.lease_until.is_(None)),
        RUNNING: (is_open, Job.run_after.is_not(None), holds),
        FAILED: (is_open, Job.run_after.is_(None)),
        DONE: (~is_open, Job.failure.is_(None)),
        CANCELLED: (~is_open, Job.failure.is_not(None)),
    }.get(state, ())


def _take_lease(database: Database, tenant_id: int, job_id: int) -> tuple[Run, str, dict[str, Any]] | None:
    now = clock.now()
    with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
        job = db.scalar(select(Job).where(Job.id == job_id, *_is_free(now)).with_for_update())
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:  # every failure is kept at once, so the last worker did not live to do it
            job.run_after, job.failure = None, WORKER_DIED
            return None
        job.attempts += 1
        job.lease_token, job.lease_until = db.new_id(), now + LEASE
        run = Run(database, tenant_id=tenant_id, job_id=job_id, token=job.lease_token, attempt=job.attempts)
        return run, job.name, job.arguments


def _function(jobs: Mapping[str, JobFunction], name: str) -> JobFunction:
    if name not in jobs:
        raise NotFound("job.unknown", say("This release knows no job “{name}”.", name=name))
    return jobs[name]


def _change_own(db: Work, run: Run, **values: object) -> None:
    statement = update(Job).where(Job.id == run.job_id, Job.lease_token == run.token).values(**values).returning(Job.id)
    if db.scalar(statement, execution_options=_BULK) is None:
        raise JobStopped(f"job {run.job_id} of tenant {run.tenant_id}")


def _keep_failure(run: Run, failure: Exception) -> None:
    again = None if run.attempt >= MOST_ATTEMPTS else clock.now() + pause_after(run.attempt)
    values = {"failure": _described(failure), "run_after": again, "lease_until": None, "lease_token": None}
    try:
        with run.unit_of_work(write=True, numbered=False) as db:
            _change_own(db, run, **values)
    except JobStopped:
        logger.info("The failure of job %s of tenant %s came too late to count.", run.job_id, run.tenant_id)


def _described(failure: Exception) -> str:
    """Class and code; a message may hold words about a person, and a row is kept for long."""
    name = type(failure).__name__
    return f"{name} {failure.code}" if isinstance(failure, Problem) else name
