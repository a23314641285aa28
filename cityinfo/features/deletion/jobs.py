"""What the worker does at a city's end, step after step. Each is done anew when it was interrupted."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import delete, func, select

from cityinfo.features import archives, audit, logins, media, tenants
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import SYSTEM, tell
from cityinfo.kernel.i18n import say
from cityinfo.kernel.jobs import Run

from . import emptying, queries
from .actions import ARCHIVES_STAY, FORGET
from .facts import KIND, DeletionProved, TenantDeleted
from .models import CLOSED, CONTENT, FILES, GONE, PROVED, RECORD
from .ports import Store, Watch

RECORDS = frozenset({"audit", "audit_head", "clock", "job"})  # go last: who did what, and how far the deletion is
LONGEST_ARCHIVE = timedelta(minutes=30)
_DELETERS, _AT_ONCE, _ROUNDS = 8, 64, 5
_FILED, _EMPTIED = 40, 90  # percent
_BULK = {"synchronize_session": False}


class _Task:
    """One attempt, with what it needs in hand."""

    def __init__(self, run: Run, store: Store, watch: Watch | None) -> None:
        self.run, self.store, self.watch = run, store, watch
        self.place = f"{run.tenant_id}/"  # where the city's files are, below no other city

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """A writing unit of work, and a while for the others: as long as it took them to wait."""
        started = time.monotonic()
        with self.run.unit_of_work(write=True) as db:
            yield db
        if self.run.database.is_sqlite:
            time.sleep(time.monotonic() - started)

    def progress(self, percent: float, text: str) -> None:
        self.run.progress(int(percent), text)
        if self.watch is not None:
            self.watch(int(percent), text)

    def step(self) -> str:
        with self.run.unit_of_work() as db:
            return queries.find(db, self.run.tenant_id).step


def delete_city(run: Run, *, store: Store, watch: Watch | None = None) -> None:
    """Files first, then rows, then the log, then the city's own row; at last a proof that nothing is left."""
    task = _Task(run, store, watch)
    steps = {CLOSED: _begin, FILES: _delete_files, CONTENT: _delete_rows, RECORD: _delete_record}
    while (step := task.step()) in steps:
        steps[step](task)
    prove(run.database, store, run.tenant_id)


def _begin(task: _Task) -> None:
    """From here on nothing comes back. Whatever else was promised in the city is called off."""
    city = task.run.tenant_id
    with task.run.database.unit_of_work(NO_TENANT, write=True) as db:
        logins.sessions.leave_everyone(db, city)
    with task.run.unit_of_work(write=True) as db:
        if tenants.own(db).status != tenants.ARCHIVED:
            raise Invalid("deletion.open", "Only a closed city is deleted.")
        jobs.cancel_others(db, task.run.job_id)
        counts = {**emptying.counts(db), "files": len(media.keys(db))}
        row = queries.find(db, city)
        row.step, row.counts = FILES, counts


def _delete_files(task: _Task) -> None:
    """Whatever the store has in the city's place, whether a row names it or not."""
    keys, done = list(task.store.keys(task.place)), 0
    with ThreadPoolExecutor(_DELETERS) as pool:
        waiting = iter(keys)
        while some := list(islice(waiting, _AT_ONCE)):
            list(pool.map(task.store.delete, some))
            done += len(some)
            task.progress(_FILED * done / len(keys), "deleting files")
    left = next(task.store.keys(task.place), None)
    if left is not None:
        raise Invalid("deletion.file_left", say("{key} is still there.", key=left))
    _go_on(task, CONTENT)


def _delete_rows(task: _Task) -> None:
    """All rows but the record. What a request that was under way has written meanwhile goes in another round."""
    left = _left(task, RECORDS)
    total, done, rounds = left.total() or 1, 0, 0
    while left and rounds < _ROUNDS:
        for gone in emptying.empty(task.writing, kept=RECORDS):
            done += gone
            task.progress(min(_FILED + (_EMPTIED - _FILED) * done / total, _EMPTIED), "deleting content")
        left, rounds = _left(task, RECORDS), rounds + 1
    if left:
        raise Invalid("deletion.rows_left", say("There are still rows in {tables}.", tables=", ".join(sorted(left))))
    _go_on(task, RECORD)


def _delete_record(task: _Task) -> None:
    """The log goes once the platform's says how it ended; then, in one go, the city's row and this job."""
    run = task.run
    with run.unit_of_work() as db:
        chain, slug = audit.verify(db), tenants.own(db).slug
    _seal(run.database, run.tenant_id, slug, chain)
    for _gone in emptying.empty(task.writing, kept=RECORDS - {"audit"}):
        task.progress(_EMPTIED, "deleting the log")
    with run.unit_of_work(write=True) as db:
        run.finish(db)
        row = queries.find(db, run.tenant_id)
        row.step, row.deleted_at, row.slug = GONE, clock.now(), slug
        for name in sorted(RECORDS):
            db.execute(delete(emptying.tables()[name]), execution_options=_BULK)
        tenants.remove(db)


def _seal(database: Database, city_id: int, slug: str, chain: audit.Chain) -> None:
    with database.unit_of_work(NO_TENANT, write=True) as db:
        if audit.is_sealed(db, KIND, city_id):
            return
        state = chain.fault or "whole"
        note = f"{slug}: its log of {chain.count} rows was {state} and ended with {chain.digest}"
        end = chain.digest or digest(note)  # a log of which not even the first row holds has no digest to trust
        tell(db, TenantDeleted(actor=SYSTEM, kind=KIND, entry_id=city_id, before=end, note=note))


def prove(database: Database, store: Store, city_id: int) -> bool:
    """Count every table and list every file of a city that is gone, and keep what was found; whether nothing was."""
    with database.unit_of_work(city_id) as db:
        found = emptying.counts(db)
        found["tenant"] = _own_rows(db)
    files = list(islice(store.keys(f"{city_id}/"), 100))
    rows = found.total()
    proof = {"tables": len(emptying.tables()) + 1, "rows": rows, "files": len(files), "at": clock.now().isoformat()}
    with database.unit_of_work(NO_TENANT, write=True) as db:
        row = queries.find(db, city_id)
        if row.step == PROVED:
            return True
        row.proof, row.step = proof, GONE if rows or files else PROVED
        note = f"{row.slug}: {rows} rows in {proof['tables']} tables, {len(files)} files"
        tell(db, DeletionProved(actor=SYSTEM, kind=KIND, entry_id=city_id, after=digest(proof), note=note))
    return not rows and not files


def finish(database: Database, *, store: Store) -> int:
    """Prove what a worker that died did not, and take away what came too late; returns how many cities that was."""
    with database.unit_of_work(NO_TENANT) as db:
        unproved = [row.city_id for row in queries.deletions(db, step=(GONE,))]
    for city_id in unproved:
        for _gone in emptying.empty(partial(database.unit_of_work, city_id, write=True, numbered=False)):
            pass
        for key in store.keys(f"{city_id}/"):
            store.delete(key)
        prove(database, store, city_id)
    return len(unproved)


def make_archive(run: Run, *, store: Store) -> None:
    """Write an archive of the whole city and keep it beside its files, in place of an older one."""
    run.progress(0, "collecting", lease=LONGEST_ARCHIVE)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "archive.zip"
        archives.write_out(archives.collect_city(run.database, store, run.tenant_id, archives.CHOICES), place)
        run.progress(80, "keeping", lease=LONGEST_ARCHIVE)
        key = queries.archive_key(run.tenant_id, clock.now())
        store.put_file(key, place, mime="application/zip")
    for kept in queries.archives_of(store, run.tenant_id):
        if kept.key != key:
            store.delete(kept.key)
    with run.unit_of_work(write=True, numbered=False) as db:
        jobs.enqueue(db, FORGET, run_after=clock.now() + ARCHIVES_STAY)
        run.finish(db)


def forget_archives(run: Run, *, store: Store) -> None:
    """Delete archives that nobody needs any more; those of a closed city go with it."""
    with run.unit_of_work() as db:
        closed = queries.deletion_of(db, run.tenant_id) is not None
    for kept in () if closed else queries.archives_of(store, run.tenant_id):
        store.delete(kept.key)


def _left(task: _Task, kept: Collection[str]) -> Counter[str]:
    with task.run.unit_of_work() as db:
        return emptying.counts(db, kept)


def _own_rows(db: Work) -> int:
    return db.scalar(select(func.count()).select_from(tenants.Tenant).where(tenants.Tenant.id == db.tenant_id)) or 0


def _go_on(task: _Task, step: str) -> None:
    with task.run.unit_of_work(write=True, numbered=False) as db:
        queries.find(db, task.run.tenant_id).step = step
