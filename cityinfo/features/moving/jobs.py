"""What the worker does for a city that moves in: step after step, each of which finds what is done already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cityinfo.features import archives, imports, news, tenants
from cityinfo.features.archives import KINDS, Ground
from cityinfo.features.media import Library, Limits, ObjectStore
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Conflict, Problem
from cityinfo.kernel.jobs import LEASE, Run

from . import queries, reading
from .entries import Entries
from .files import Files
from .gathering import gather
from .leaving import Leaving
from .links import Map, Server
from .matching import match
from .models import MoveIn, MoveInRun
from .ordering import arrange
from .ports import Server as Asked
from .reading import Answers, Folder, Live, Source
from .settling import settle
from .texts import Texts
from .types import Report, Wanted
from .wording import Wording, files_of

LONGEST = 6 * LEASE  # one answer, or one file, asked for several times
_STEPS = {"reading": (0, 25), "fetching files": (25, 50), "writing facts": (50, 65), "writing texts": (65, 95)}
_ASKING = ("reading", "fetching files")
_LAST = ("looking for what is gone", (95, 99))
Show = Callable[[int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One attempt, with what it needs in hand."""

    run: Run
    number: int
    library: Library
    server: Asked
    show: Show | None
    report: Report

    def step(self, name: str) -> Callable[[float], None]:
        first, last = {**_STEPS, _LAST[0]: _LAST[1]}[name]

        def watch(done: float) -> None:
            percent = int(first + (last - first) * done)
            self.run.progress(percent, name, lease=LONGEST if name in _ASKING else LEASE)
            if self.show is not None:
                self.show(percent, name)

        watch(0)
        return watch


def move_in(
    run: Run, *, number: int, store: ObjectStore, limits: Limits, server: Asked, show: Show | None = None
) -> None:
    """Bring what is new there. Interrupted anywhere, it comes to the same when it runs again."""
    library = Library(database=run.database, store=store, limits=limits)
    task = _Task(run=run, number=number, library=library, server=server, show=show, report=Report())
    with run.unit_of_work() as db:
        state = queries.move_in_of(db)
        zone = tenants.time_zone(db)
    if state.switched_at is not None:
        raise Conflict("moving.switched", "This city is written here now; nothing comes from there any more.")
    answers = reading.read(source_of(state, server), task.step("reading"))
    wanted = gather(answers, zone, task.report)
    _bring(task, state, answers, wanted)


def source_of(state: MoveIn, server: Asked) -> Source:
    """Where a city is read from."""
    if "://" not in state.source:
        return Folder(Path(state.source))
    return Live(server, state.source, state.region, state.hosts)


def _bring(task: _Task, state: MoveIn, answers: Answers, wanted: Wanted) -> None:
    run, report = task.run, task.report
    address = state.source if "://" in state.source else ""
    there = Server(address, state.hosts, state.region)
    asked = files_of(there, wanted.found)
    files = Files(run, task.number, task.library, task.server, state.hosts, report).bring(
        asked, task.step("fetching files")
    )
    with run.unit_of_work(write=True) as db:
        categories = settle(db, queries.move_in_of(db), answers, wanted, report)
    with run.unit_of_work() as db:
        known = match(db, wanted.found)
    same = {"run": run, "number": task.number, "wanted": wanted, "report": report}
    entries = Entries(**same, library=task.library, server=there, known=known, files=files, categories=categories)  # type: ignore[arg-type]
    entries.bring(task.step("writing facts"))
    arrange(run, wanted.found, entries.ids, report)
    words = Wording(there, Map(there, wanted.found), entries.ids, files, answers.languages, report)
    texts = Texts(**same, ids=entries.ids, left=entries.left, wording=words)  # type: ignore[arg-type]
    texts.bring(task.step("writing texts"))
    _release(task, wanted, entries)
    leaving = Leaving(**same, library=task.library, ids=entries.ids)  # type: ignore[arg-type]
    leaving.go(task.step(_LAST[0]))
    _end(task, entries, texts)


def _release(task: _Task, wanted: Wanted, entries: Entries) -> None:
    """Let messages be seen whose words are all there now."""
    for one in wanted.found:
        entry_id = entries.ids.get((one.kind, one.key))
        if one.kind != news.KIND or entry_id is None or (one.kind, one.key) in entries.left:
            continue
        try:
            with task.run.unit_of_work(write=True) as db:
                if news.find(db, entry_id).review != news.APPROVED:
                    ground = Ground(db=db, actor=imports.IMPORTER, library=task.library, kept={})
                    known = archives.as_it_is(db, entry_id, KINDS[one.kind].facts(approved=True))
                    KINDS[one.kind].release(ground, known)
        except Problem as problem:
            task.report.refuse(one.where, problem)


def _end(task: _Task, entries: Entries, texts: Texts) -> None:
    report = task.report
    texts.count_written()
    report.entries = entries.tally()
    with task.run.unit_of_work() as db:
        for kind, number in queries.gone_in(db, task.number).items():
            report.entries.setdefault(kind, {})["gone"] = number
    report.texts = {language: dict(+counts) for language, counts in texts.outcomes.items()}
    with task.run.unit_of_work(write=True) as db:
        row = db.get_one(MoveInRun, (db.tenant_id, task.number))
        row.ended_at, row.report = clock.now(), report.plain()
        task.run.finish(db)
