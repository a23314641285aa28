"""`cityinfo worker`: does what was promised, and what changes by itself."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import click

from cityinfo.settings import Settings

from .lifeline import lives_with_parent, signals_interrupt

if TYPE_CHECKING:
    from cityinfo.adapters.huey_queue import Periodic, Queue
    from cityinfo.kernel.db import Database
    from cityinfo.web.store import Disk

SWEEP_EVERY = 30.0  # seconds
SQUEEZE_EVERY = 2.0
TRIM_EVERY = 300.0
ENCODE_EVERY = 10.0
NICENESS = 10  # whoever waits for an answer comes first on a busy machine
GRACE = 9.0  # seconds for a running job; the supervisor waits one second longer


@click.command()
@lives_with_parent
def worker() -> None:
    """Run queued and periodic jobs until Ctrl-C."""
    from cityinfo.app import open_database, open_queue
    from cityinfo.web import logs

    os.nice(NICENESS)
    settings = Settings.from_environment()
    logs.configure(settings)
    queue = open_queue(settings)
    database = open_database(settings)
    database.wake = queue.wake
    try:
        _work(database, queue)
    finally:
        database.dispose()


def _work(database: Database, queue: Queue) -> None:
    stop = threading.Event()
    with signals_interrupt(), suppress(KeyboardInterrupt):
        queue.consume(_handler(database), _rounds(database, queue), stop, grace=GRACE)


def _handler(database: Database) -> Callable[[int, int], None]:
    from cityinfo.app import open_jobs
    from cityinfo.kernel.jobs import run_job
    from cityinfo.web import logs

    jobs = open_jobs(Settings.from_environment())

    def handle(tenant_id: int, job_id: int) -> None:
        with logs.about(tenant=tenant_id, job=job_id):
            run_job(database, jobs, tenant_id, job_id)

    return handle


def _rounds(database: Database, queue: Queue) -> list[Periodic]:
    from cityinfo.app import open_encoder, open_store
    from cityinfo.features.search import enqueue_encoding
    from cityinfo.registry import PERIODIC, STORE_PERIODIC
    from cityinfo.web.store import disk_store

    settings = Settings.from_environment()
    answers, store, encoder = disk_store(settings), open_store(settings), open_encoder(settings)
    return [
        (SWEEP_EVERY, partial(_hand_over, database, queue)),
        *((seconds, partial(work, database)) for seconds, work in PERIODIC),
        *((seconds, partial(work, database, store=store)) for seconds, work in STORE_PERIODIC),
        *([(ENCODE_EVERY, partial(enqueue_encoding, database, encoder=encoder))] if encoder else []),
        (SQUEEZE_EVERY, answers.squeeze),
        (TRIM_EVERY, answers.trim),
        (TRIM_EVERY, partial(_forget_closed, database, answers)),
    ]


def _forget_closed(database: Database, answers: Disk) -> None:
    """Nothing of a city that is closed or gone is served from this machine, not even while the database is away."""
    from cityinfo.features import tenants
    from cityinfo.kernel.db import NO_TENANT

    with database.unit_of_work(NO_TENANT) as db:
        open_cities = {city.slug for city in tenants.directory(db)}
    answers.keep_only(open_cities)


def _hand_over(database: Database, queue: Queue) -> None:
    """Wake workers for what is due. When as many messages wait already, they are these, and more would pile up."""
    from cityinfo.kernel.jobs import sweep

    due = sweep(database)
    if len(due) > len(queue):
        for tenant_id, job_id in due:
            queue.wake(tenant_id, job_id)
