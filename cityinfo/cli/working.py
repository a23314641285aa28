"""Jobs that a command does itself, or watches while a worker does them, with a bar."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cityinfo.kernel.db import Database
    from cityinfo.kernel.jobs import Job, JobFunction

POLL = 0.5  # seconds
Show = Callable[[int, str], None]  # percent, and what is being done


@contextmanager
def progress(label: str) -> Iterator[Show]:
    """A bar that says what is being done; `label` while nothing is said."""
    with click.progressbar(length=100, label=label) as bar:

        def show(percent: int, text: str) -> None:
            bar.label = text or label
            bar.update(percent - bar.pos)

        yield show


def finish(database: Database, tenant_id: int, job_id: int, known: Mapping[str, JobFunction], *, show: Show) -> Job:
    """Do a job, or watch whoever does, until it has ended or failed. One that failed before is tried again now."""
    from cityinfo.kernel import jobs
    from cityinfo.kernel.facts import Actor

    if _has_failed(find(database, tenant_id, job_id)):
        with database.unit_of_work(tenant_id, write=True) as db:
            jobs.retry(db, job_id, actor=Actor("terminal")).failure = None
    while (job := find(database, tenant_id, job_id)).finished_at is None and not _has_failed(job):
        if jobs.state_of(job) == jobs.RUNNING:
            show(job.progress, job.progress_text)
            time.sleep(POLL)
        jobs.run_job(database, known, tenant_id, job_id)
    return job


def find(database: Database, tenant_id: int, job_id: int) -> Job:
    """How far a job is."""
    from cityinfo.kernel import jobs

    with database.unit_of_work(tenant_id) as db:
        return jobs.find(db, job_id)


def _has_failed(job: Job) -> bool:
    from cityinfo.kernel import jobs

    return job.finished_at is None and bool(job.failure) and jobs.state_of(job) != jobs.RUNNING
