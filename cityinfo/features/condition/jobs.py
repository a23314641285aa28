"""What the worker does: it measures every city once a day, and whenever someone wants to know it now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import Database
from cityinfo.kernel.jobs import Run

from . import actions, queries

MEASURE = "condition.measure"
PAUSE = timedelta(hours=20)  # a worker that starts anew need not measure everything again


def measure_city(run: Run) -> None:
    """Measure the job's city."""
    with run.unit_of_work(write=True, numbered=False) as db:
        actions.measure(db)
        run.finish(db)


def enqueue_measures(database: Database) -> int:
    """Promise to measure every city that was not measured today; returns how many they are."""
    due = queries.unmeasured(database, since=clock.now() - PAUSE)
    measure_again(database, due)
    return len(due)


def measure_again(database: Database, tenant_ids: Collection[int]) -> None:
    """Promise to measure these cities at once."""
    for tenant_id in tenant_ids:
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            jobs.enqueue(db, MEASURE)
