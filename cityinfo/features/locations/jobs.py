"""What the worker does for locations: brings in long files and takes them back, in steps that keep nobody waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from cityinfo.features import tenants
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound, Problem, Unavailable
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.jobs import Job, JobStopped, Run
from cityinfo.kernel.listing import portions

from . import importing, sheets
from .importing import Checked, Plan
from .models import Imported, LocationImport
from .ports import Companion

IMPORT, UNDO = "locations.import", "locations.undo_import"
PORTION = 25  # rows of one unit of work


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: its places that are there, and where the job that makes or removes them stands.

    `state` is empty for what was done at once, or so long ago that its job is forgotten.
    """

    there: int
    state: str

    @property
    def is_running(self) -> bool:
        return self.state in (jobs.WAITING, jobs.RUNNING)


def begin_import(db: Work, text: str, made: Plan, *, category: str, draft: bool, actor: Actor) -> int:
    """Promise to bring in what the plan of this text calls good; returns the number to stop and undo it with.

    Rights are the caller's to ask: rows come in by the name of `actor` without asking again.
    """
    record = importing.new_import(db, made.name, actor)
    record.text, record.category, record.draft = text, category, draft
    record.total, record.refused = len(made.good), {}
    record.job_id = jobs.enqueue(db, IMPORT, number=record.number)
    db.flush()
    return record.number


def stop_import(db: Work, number: int) -> None:
    """Bring in no further rows; what is there stays until it is taken back."""
    record = _record(db, number)
    if record.job_id is not None and record.undone_at is None:
        jobs.cancel(db, record.job_id)
        record.text = None


def begin_undo(db: Work, number: int) -> None:
    """Promise to take back what an import has made, and stop it when it still runs."""
    stop_import(db, number)
    record = importing.close(db, number)
    record.job_id = jobs.enqueue(db, UNDO, number=number)


def run_import(run: Run, number: int, *, companion: Companion) -> None:
    """Bring in a file that waits. Run again, it goes on: what is there already is known by then."""
    with run.unit_of_work() as db:
        made = _plan(db, number, companion)
    before = _there(run, number)
    for done, some in enumerate(portions(made.good, PORTION)):
        try:
            _bring_in(run, number, some, companion)
        except Unavailable:
            raise
        except Problem:  # one row that is refused must not keep the others away
            for row in some:
                _bring_in_or_note(run, number, row, companion)
        run.progress(100 * (before + (done + 1) * PORTION) // max(before + len(made.good), 1))
    with run.unit_of_work(write=True) as db:
        _record(db, number).text = None
        run.finish(db)


def run_undo(run: Run, number: int, *, companion: Companion) -> None:
    """Take back what an import has made and nobody has touched. Run again, it goes on."""
    with run.unit_of_work() as db:
        actor = _actor(_record(db, number))
        ids = importing.imported(db, number)
    for done, some in enumerate(portions(ids, PORTION)):
        with run.unit_of_work(write=True) as db:
            importing.undo_some(db, some, companion=companion, actor=actor)
        run.progress(100 * (done + 1) * PORTION // len(ids))


def progress(db: Work, records: Sequence[LocationImport]) -> dict[int, Progress]:
    """How far these imports are, by number. Two statements."""
    numbers = [one.number for one in records]
    counted = select(Imported.number, func.count()).where(Imported.number.in_(numbers)).group_by(Imported.number)
    there = {row[0]: row[1] for row in db.execute(counted)}
    found = db.scalars(select(Job).where(Job.id.in_([one.job_id for one in records if one.job_id is not None])))
    states = {job.id: jobs.state_of(job) for job in found}
    return {one.number: Progress(there.get(one.number, 0), states.get(one.job_id or 0, "")) for one in records}


def _plan(db: Work, number: int, companion: Companion) -> Plan:
    record = _record(db, number)
    if record.text is None:
        return Plan(record.name)
    languages = list(tenants.active_languages(db))
    sheet = sheets.parse(record.text.encode(), name=record.name, languages=languages)
    return importing.plan(db, sheet, companion=companion, category=record.category or "")


def _bring_in(run: Run, number: int, rows: Sequence[Checked], companion: Companion) -> None:
    with run.unit_of_work(write=True) as db:
        record = _record(db, number)
        if record.text is None:  # stopped or taken back since the last portion
            raise JobStopped(f"import {number}")
        importing.bring_in_rows(db, rows, number, companion=companion, draft=bool(record.draft), actor=_actor(record))


def _bring_in_or_note(run: Run, number: int, row: Checked, companion: Companion) -> None:
    try:
        _bring_in(run, number, [row], companion)
    except Unavailable:
        raise
    except Problem as problem:
        with run.unit_of_work(write=True) as db:
            record = _record(db, number)
            record.refused = {**(record.refused or {}), str(row.number): problem.message}


def _there(run: Run, number: int) -> int:
    with run.unit_of_work() as db:
        return len(importing.imported(db, number))


def _record(db: Work, number: int) -> LocationImport:
    record = db.get(LocationImport, (db.tenant_id, number))
    if record is None:
        raise NotFound("import.unknown", "There is no such import.")
    return record


def _actor(record: LocationImport) -> Actor:
    kind, _, name = record.actor.partition(":")
    return Actor(kind, name)
