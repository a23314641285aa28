"""A clone taken back: everything of the city goes, table by table and file by file, but the record of what was done.

The audit log stays: it says that there was such a city, who made it and who took it back. The city's own row stays with
it, archived, and gives its address free.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from sqlalchemy import delete

from cityinfo.features import deletion, tenants
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Database, Work
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say
from cityinfo.kernel.jobs import Job, Run
from cityinfo.kernel.listing import portions

from . import queries
from .ports import Store

UNDO = "onboarding.undo"
# What stays: the record, its place in it, and the job that says how far the deletion is.
KEPT = frozenset({"audit", "audit_head", "clock", "job"})
_BULK = {"synchronize_session": False}
_DELETERS, _AT_ONCE = 8, 64


def undo(database: Database, tenant_id: int, *, actor: Actor) -> int:
    """Promise to take a clone back; returns the job. Its address is free at once, its content is gone to readers.

    `Conflict` once someone has changed something there, or shows the city to readers.
    """
    with database.unit_of_work(tenant_id, write=True) as db:
        queries.clone_of(db)  # or this is none
        tenant = tenants.own(db)
        if tenant.status == tenants.ACTIVE or not queries.is_untouched(db):
            raise Conflict("clone.changed", "Someone has worked in this city since; it is not taken back in one go.")
        gone = replace(tenants.facts_of(db), slug=f"undone-{tenant_id}", status=tenants.ARCHIVED)
        tenants.change(db, gone, actor=actor)
        tenants.set_theme(db, tenants.Theme(), actor=actor)
        db.deliver()
        jobs.cancel_others(db)
        return jobs.enqueue(db, UNDO)


def counts(db: Work) -> Counter[str]:
    """How many rows the city has in every table, but for what always stays."""
    return deletion.counts(db, KEPT)


def delete_all(run: Run, *, store: Store) -> None:
    """Files first, then rows, in an order in which nothing ever leads to what is gone. Safe to run again."""
    with run.unit_of_work() as db:
        if tenants.own(db).status != tenants.ARCHIVED:
            raise Invalid("delete.not_archived", "Only an archived city is deleted.")
        total = counts(db).total() or 1
    _delete_files(run, store, sorted(store.keys(f"{run.tenant_id}/")))
    done = 0
    for gone in deletion.empty(partial(run.unit_of_work, write=True), kept=KEPT):
        done += gone
        run.progress(min(50 + 45 * done // total, 95), "deleting content")
    _prove(run)


def _delete_files(run: Run, store: Store, keys: list[str]) -> None:
    with ThreadPoolExecutor(_DELETERS) as pool:
        for number, some in enumerate(portions(keys, _AT_ONCE)):
            run.progress(50 * number * _AT_ONCE // len(keys), "deleting files")
            list(pool.map(store.delete, some))
            left = next((key for key in some if store.size(key) is not None), None)
            if left is not None:
                raise Invalid("delete.file_left", say("{key} is still there.", key=left))


def _prove(run: Run) -> None:
    """Nothing is left, or this is not done."""
    with run.unit_of_work(write=True) as db:
        left = counts(db)
        if left:
            raise Invalid("delete.rows_left", say("There are still rows in {tables}.", tables=", ".join(sorted(left))))
        db.execute(delete(Job).where(Job.id != run.job_id), execution_options=_BULK)
        run.finish(db)
