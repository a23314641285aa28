"""The promise to fetch what a followed city says: for each of them one job waits, and no more."""

from __future__ import annotations

from collections.abc import Sequence

from cityinfo.kernel import jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.jobs import Job

from .models import Following

RECEIVE = "upstream.receive"


def fetch_soon(db: Work, source_id: int, *, at_once: bool = True) -> None:
    """Promise to fetch what is new in the other city, unless a job waits for that already.

    One that was given up never comes, and one that runs has begun to read before this was asked: neither counts.
    Without `at_once` one that runs is enough, because whoever asks will ask again, and one that failed keeps its pause.
    """
    open_jobs = jobs.open_jobs(db, RECEIVE, lock=True)  # a worker that takes one now reads what this work writes
    by_state = {jobs.state_of(job): job for job in _of(open_jobs, source_id)}
    if jobs.WAITING not in by_state and (at_once or jobs.RUNNING not in by_state):
        jobs.enqueue(db, RECEIVE, source_id=source_id)
    elif at_once:
        jobs.hasten(db, by_state[jobs.WAITING])


def read_anew(db: Work, following: Following) -> None:
    """Promise to read everything again: something is looked for now that was passed over before.

    The number is another one each time, so that a reading that has begun already does not count as this one.
    """
    following.epoch, following.seq = 0, min(following.seq, 0) - 1
    fetch_soon(db, following.source_id)


def fetches(db: Work, source_id: int | None = None) -> Sequence[Job]:
    """Jobs that fetch, or wait to fetch, from one followed city or from any."""
    alive = [job for job in jobs.open_jobs(db, RECEIVE) if jobs.state_of(job) != jobs.FAILED]
    return alive if source_id is None else _of(alive, source_id)


def _of(promised: Sequence[Job], source_id: int) -> list[Job]:
    return [job for job in promised if job.arguments["source_id"] == source_id]
