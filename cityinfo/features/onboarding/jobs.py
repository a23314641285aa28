"""What the worker does for a clone: step after step, each of which is done anew when it was interrupted."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from cityinfo.features import content, publishing, tenants
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import SYSTEM
from cityinfo.kernel.i18n import say
from cityinfo.kernel.jobs import LEASE, Run
from cityinfo.kernel.listing import portions

from . import checks, queries, reading, writing
from .choosing import Selection
from .mapping import Mapped
from .models import CHECK, CONTENT, DOCUMENTS, DONE, Clone
from .ports import Projector, Store, Watch
from .types import Choices

LONGEST_STEP = timedelta(minutes=5)  # looking through everything, without a word in between
_COPIERS, _COPIED_AT_ONCE = 8, 64
_UNTOLD = 0.3  # seconds
_READ, _COPIED, _WRITTEN, _PUBLISHED = 5, 20, 50, 90  # percent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One attempt, with what it needs in hand."""

    run: Run
    store: Store
    projector: Projector
    watch: Watch | None
    told: list[float] = field(default_factory=lambda: [-_UNTOLD])  # when progress was

    def progress(self, percent: float, text: str, *, lease: timedelta = LEASE) -> None:
        """Tell it, and hear whether the job was called off, a few times a second at most: each is written to disk."""
        if lease != LEASE or time.monotonic() - self.told[0] > _UNTOLD:
            self.run.progress(int(percent), text, lease=lease)
            self.told[0] = time.monotonic()
        if self.watch is not None:
            self.watch(int(percent), text)

    def state(self) -> Clone:
        with self.run.unit_of_work() as db:
            return queries.clone_of(db)


def clone(run: Run, *, store: Store, projector: Projector, watch: Watch | None = None) -> None:
    """Bring everything that was chosen, publish it, and look whether it stands on its own."""
    task = _Task(run=run, store=store, projector=projector, watch=watch)
    steps = {CONTENT: _bring, DOCUMENTS: _publish, CHECK: _check}
    with _uncollected():
        while (state := task.state()).step != DONE:
            steps[state.step](task, state)
    if not run.finished:
        with run.unit_of_work(write=True, numbered=False) as db:
            run.finish(db)


@contextmanager
def _uncollected() -> Iterator[None]:
    """So many rows come and stay until a step ends that looking for garbage among them is a quarter of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _bring(task: _Task, state: Clone) -> None:
    """Read the source at one moment, keep its files here, write its rows."""
    task.progress(0, "reading")
    writing.clear(partial(task.run.unit_of_work, write=True))
    snapshot = reading.read(task.run.database, state.source_id)
    selection = Selection(snapshot, Choices.of(state.choices))
    task.progress(_READ, "copying files")
    mapped = Mapped(selection, task.run.tenant_id, task.run.database.identities.several)
    _copy_files(task, mapped)
    for part in writing.write(mapped, partial(task.run.unit_of_work, write=True)):
        task.progress(_COPIED + (_WRITTEN - _COPIED) * part, "writing content")
    with task.run.unit_of_work(write=True) as db:
        content.follow_languages(db, ())
        tenants.set_theme(db, tenants.Theme(**mapped.theme()), actor=SYSTEM)
        _go_on(db, DOCUMENTS, report=_report(selection))


def _copy_files(task: _Task, mapped: Mapped) -> None:
    """Bytes first: no row ever names a file that is not there."""
    copies, done = mapped.copies(), 0
    with ThreadPoolExecutor(_COPIERS) as pool:
        for some in portions(copies, _COPIED_AT_ONCE):
            list(pool.map(partial(_copy, task.store), some))
            done += len(some)
            task.progress(_READ + (_COPIED - _READ) * done / len(copies), "copying files")


def _copy(store: Store, copy: tuple[str, str, str]) -> None:
    there, here, mime = copy
    if store.size(here) is None:
        store.put(here, store.get(there), mime=mime)


def _publish(task: _Task, _state: Clone) -> None:
    """Compute every document of what came, a part after the other: other cities' writers come in between."""
    task.progress(_WRITTEN, "publishing")
    with task.run.unit_of_work() as db:
        parts = task.projector.parts(db)
    for done, part in enumerate(parts):
        task.progress(_WRITTEN + (_PUBLISHED - _WRITTEN) * done / len(parts), "publishing")
        with task.run.unit_of_work(write=True) as db:
            task.projector.rebuild_parts(db, [part])
    with task.run.unit_of_work(write=True) as db:
        report = queries.clone_of(db).report
        _go_on(db, CHECK, report={**report, "documents": publishing.documents_count(db)})


def _check(task: _Task, _state: Clone) -> None:
    task.progress(_PUBLISHED, "checking", lease=LONGEST_STEP)
    with task.run.unit_of_work() as db:
        found = list(checks.faults(db, store=task.store))
    if found:
        raise Invalid(
            "clone.faults", say("The clone does not stand on its own: {faults}.", faults=found[0]), faults=found[:50]
        )
    with task.run.unit_of_work(write=True) as db:
        _go_on(db, DONE)
        task.run.finish(db)


def _go_on(db: Work, step: str, **facts: Any) -> None:
    state = queries.clone_of(db)
    state.step = step
    for name, value in facts.items():
        setattr(state, name, value)
    if step == DONE:
        state.done_at, state.seq = clock.now(), db.seq


def _report(selection: Selection) -> dict[str, Any]:
    plan = selection.plan
    return {
        "entries": dict(plan.entries),
        "texts": dict(plan.texts),
        "files": plan.files,
        "conflicts": len(plan.conflicts),
    }
