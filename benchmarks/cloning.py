"""`make bench`, sixth part: how long a city takes that is made from another one, and how that grows with its pages.

Every clone runs in a process of its own, like a worker that has just started, and beside it what no clone can do
without: the same rows read and written by the database's driver alone, into tables that have no key.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from benchmarks import report
from benchmarks.generate import FULL, LARGE, Shape, generate_city
from benchmarks.serving import DATABASES, prepared, settle
from cityinfo import registry
from cityinfo.app import open_database, open_store
from cityinfo.features import onboarding, tenants
from cityinfo.features.onboarding import CityDraft
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT, Base, Database
from cityinfo.kernel.facts import Actor
from cityinfo.settings import Settings

GOAL = 5.0  # seconds by the clock, for the city with places and events
CITIES: dict[str, Shape] = {
    "30 pages": replace(LARGE, pages=30, branches=(5,)),
    "300 pages": LARGE,
    "300 pages, 500 places and events": FULL,
    "3,000 pages": replace(LARGE, pages=3_000, branches=(20, 10)),
}
WITH_PLACES = "300 pages, 500 places and events"
_SMALL = replace(LARGE, pages=3, branches=())
_WARM_UP = "small"
_OPERATOR = Actor("terminal", "benchmark")
_PORTION = 4_000  # rows that the bare driver writes at once, as the clone does


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Seconds by the clock, and of this process's processor; PostgreSQL works in processes of its own besides."""

    wall: float
    processor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One clone, and the least that its rows need. `memory` is what the process held at most, `before` at its start."""

    rows: int
    clone: Spent
    least: Spent
    memory: int
    before: int


def measure(settings: Settings, source: str) -> Result:
    """Clone a city in this process, which has cloned a very small one before."""
    database = open_database(settings)
    database.wake = None  # done here, by nobody else
    try:
        _clone(database, settings, _WARM_UP)
        before = _memory()
        spent = _timed(partial(_clone, database, settings, source))
        memory, rows = _memory(), list[int]()
        least = _timed(lambda: rows.append(_write_bare(database, _find(database, source))))
        return Result(rows=rows[0], clone=spent, least=least, memory=memory, before=before)
    finally:
        database.dispose()


def _clone(database: Database, settings: Settings, source: str) -> None:
    draft = CityDraft(slug=f"{source}-{database.identities.next()}", name="Neustadt")
    asked = onboarding.request(database, source, draft, actor=_OPERATOR)
    clone = partial(registry.STORE_JOBS[onboarding.CLONE], store=open_store(settings))
    jobs.run_job(database, {onboarding.CLONE: clone}, asked.tenant_id, asked.job_id)
    with database.unit_of_work(asked.tenant_id) as db:
        if onboarding.clone_of(db).step != onboarding.DONE:
            raise click.ClickException(f"The clone failed: {jobs.find(db, asked.job_id).failure}")


def _write_bare(database: Database, tenant_id: int) -> int:
    """Read all rows that travel and write them into tables without keys; returns how many there are."""
    count, is_mine = 0, f"WHERE tenant_id = {tenant_id}"
    with closing(database.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        if not database.is_sqlite:
            cursor.execute("SELECT set_config('app.tenant', %s, true)", (str(tenant_id),))
        for name in [*(one for one in Base.metadata.tables if one in onboarding.CARRIED), "published"]:
            cursor.execute(f'CREATE TEMPORARY TABLE "bare_{name}" AS SELECT * FROM "{name}" WHERE 1 = 0')  # noqa: S608
            cursor.execute(f'SELECT * FROM "{name}" {is_mine}')  # noqa: S608
            rows = cursor.fetchall()
            count += len(rows)
            if rows:
                _insert(cursor, name, rows, mark="?" if database.is_sqlite else "%s")
        connection.commit()
    return count


def _insert(cursor: Any, name: str, rows: Sequence[Sequence[object]], *, mark: str) -> None:
    marks = ", ".join([mark] * len(rows[0]))
    for start in range(0, len(rows), _PORTION):
        written = [[_plain(value) for value in row] for row in rows[start : start + _PORTION]]
        cursor.executemany(f'INSERT INTO "bare_{name}" VALUES ({marks})', written)  # noqa: S608


def _plain(value: object) -> object:
    """As the driver takes it back: what PostgreSQL keeps as JSON comes apart on its way."""
    if isinstance(value, dict | list):
        from psycopg.types.json import Json

        return Json(value)
    return value


def _find(database: Database, slug: str) -> int:
    with database.unit_of_work(NO_TENANT) as db:
        return tenants.find(db, slug).id


def _timed(act: Callable[[], object]) -> Spent:
    wall, processor = time.perf_counter(), time.process_time()
    act()
    return Spent(wall=time.perf_counter() - wall, processor=time.process_time() - processor)


def _memory() -> int:
    """Bytes that this process has held at most. (`getrusage` would count what its parent held as well.)"""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) * 1024


def _measured(kind: str, cities: Sequence[str], repeats: int) -> Iterator[tuple[str, list[Result]]]:
    with tempfile.TemporaryDirectory(prefix="cityinfo-bench-") as folder, prepared(kind, Path(folder)) as settings:
        _fill(settings, cities)
        settle(settings.migration_database)
        for name in cities:
            click.echo(f"… {kind}: cloning {name}", err=True)
            yield name, [_in_own_process(settings, _slug(name)) for _ in range(repeats)]


def _fill(settings: Settings, cities: Sequence[str]) -> None:
    database = open_database(settings)
    with database.unit_of_work(NO_TENANT, write=True) as db:
        tenants.register_languages(db)
    generate_city(database, _WARM_UP, _SMALL)
    for name in cities:
        click.echo(f"… preparing {name}", err=True)
        generate_city(database, _slug(name), CITIES[name])
    database.dispose()


def _in_own_process(settings: Settings, source: str) -> Result:
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned) as pool:
        return pool.submit(measure, settings, source).result()


def _slug(name: str) -> str:
    return "-".join(name.replace(",", "").split())


def table(found: Sequence[tuple[str, list[Result]]]) -> str:
    """A row for each city; of several clones the fastest, because others only tell what else the machine did."""
    head = ["city", "rows", "seconds", "processor", "µs a row", "least, s", "processor", "ratio", "MB", "MB before"]
    rows = [[name, *_figures(min(results, key=lambda one: one.clone.processor))] for name, results in found]
    return report.table(head, rows)


def _figures(one: Result) -> list[str]:
    return [
        f"{one.rows:,}",
        f"{one.clone.wall:.2f}",
        f"{one.clone.processor:.2f}",
        f"{one.clone.processor / one.rows * 1e6:.0f}",
        f"{one.least.wall:.2f}",
        f"{one.least.processor:.2f}",
        f"{one.clone.processor / one.least.processor:.1f}",
        f"{one.memory / 1e6:.0f}",
        f"{one.before / 1e6:.0f}",
    ]


def _said(found: Sequence[tuple[str, list[Result]]]) -> str:
    fastest = [min(one.clone.wall for one in results) for name, results in found if name == WITH_PLACES]
    if not fastest:
        return ""
    reached = "reached" if fastest[0] < GOAL else "missed"
    return f"\n\n{WITH_PLACES}: {fastest[0]:.2f} s, goal {GOAL:.0f} s: {reached}."


@click.command()
@click.option("--database", type=click.Choice([*DATABASES, "both"]), default="both", show_default=True)
@click.option("--city", "cities", type=click.Choice([*CITIES]), multiple=True, help="Only these; may be repeated.")
@click.option("--repeats", default=3, show_default=True, type=click.IntRange(1), help="How often each city is cloned.")
def main(*, database: str, cities: Sequence[str], repeats: int) -> None:
    """Measure cloning and print tables in Markdown."""
    click.echo("## Cloning a city\n\nTen languages, 2 KB a page, 1 KB a place or an event.\n")
    for kind in DATABASES if database == "both" else (database,):
        found = list(_measured(kind, cities or [*CITIES], repeats))
        click.echo(f"### {kind}, cloning\n\n{table(found)}{_said(found)}\n")


if __name__ == "__main__":
    main()
