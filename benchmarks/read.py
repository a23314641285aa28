"""`make bench`: how fast and how small reading is, beside a bare function under the same server.

docs/performance.md says how to read the figures. Everything runs on databases and servers of its own; nothing is left
behind.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from http.client import HTTPException
from pathlib import Path
from typing import Any

import click

from benchmarks import measure, report
from benchmarks.district import DISTRICT, FOLDER, LANGUAGE, import_district
from benchmarks.generate import FULL, LARGE, generate_city, generate_neighbours, neighbour
from benchmarks.goals import goals_table
from benchmarks.load import Failed
from benchmarks.measure import ADDRESS, BARE, OURS, WORDS, NotSeen, Subject
from benchmarks.newsroom import Newsroom
from benchmarks.reading import ENCODINGS, GZIP, Phone, find_city, find_lists
from benchmarks.results import Level, Run
from benchmarks.serving import DATABASES, NotServing, Stage, stage
from benchmarks.statements import cold_statements
from cityinfo.cli.lifeline import signals_interrupt
from cityinfo.kernel.db import Database
from cityinfo.kernel.errors import Problem

GENERATED, LISTS = "generated", "lists"
CITIES = (DISTRICT, GENERATED, LISTS)
_GROWTH = ("children/?depth=1", "pages/", "v1 changes")
_VISITORS = 6  # connections over which neighbours are read, so that both workers come to know them


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured."""

    databases: Sequence[str]
    cities: Sequence[str]
    seconds: float
    rounds: int
    repeats: int
    neighbours: Sequence[int]
    district: Path


def run_all(plan: Plan) -> Iterator[Run]:
    """Every city on every kind of database, one after the other."""
    for kind in plan.databases:
        if DISTRICT in plan.cities and plan.district.is_dir():
            yield _run(plan, kind, DISTRICT, lambda database: import_district(database, plan.district))
        if GENERATED in plan.cities:
            yield _run(plan, kind, GENERATED, lambda database: generate_city(database, GENERATED, LARGE))
        if LISTS in plan.cities:
            yield _run(plan, kind, LISTS, lambda database: generate_city(database, LISTS, FULL))


def _run(plan: Plan, kind: str, city: str, make: Callable[[Database], int]) -> Run:
    with _stage(kind) as servers:
        _tell(f"{kind}, {city}: preparing")
        tenant_id = make(servers.database)
        servers.settle()
        subject = _subject(servers, city, tenant_id)
        run = _measured(plan, kind, subject)
        if city == GENERATED:
            for count in plan.neighbours:
                run.levels.append(_level(plan, subject, count))
        return run


@contextmanager
def _stage(kind: str) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(prefix="cityinfo-bench-") as folder, stage(kind, Path(folder)) as servers:
        yield servers


def _subject(servers: Stage, slug: str, tenant_id: int) -> Subject:
    newsroom = Newsroom(servers.database, tenant_id, LANGUAGE)
    with closing(Phone(servers.ours.port)) as phone:
        find = find_lists if slug == LISTS else find_city
        city = find(phone, slug, LANGUAGE, tenant_id)
    newsroom.edit_words(city.entry_id)  # what `v1 changes` answers from now on
    return Subject(servers, city, newsroom)


def _measured(plan: Plan, kind: str, subject: Subject) -> Run:
    city = subject.city
    _tell(f"{kind}, {city.slug}: answers at hand")
    hits = measure.hits(subject.stage, city.targets, seconds=plan.seconds, rounds=plan.rounds)
    _tell(f"{kind}, {city.slug}: first answers, visibility, synchronising")
    delta = measure.delta(subject)
    visibility = measure.visibility(subject, city.target(city.watched), repeats=plan.repeats)
    of_entries = [target for target in city.targets if target.entry_id is not None]
    colds = [
        *measure.colds(subject, city.targets, ENCODINGS, repeats=plan.repeats, published=WORDS),
        *measure.colds(subject, of_entries, ENCODINGS, repeats=plan.repeats, published=ADDRESS),
    ]
    return Run(
        database=kind,
        city=city.slug,
        about=city.about,
        hits=hits,
        colds=colds,
        visibility=visibility,
        delta=delta,
        memories=measure.memories(subject.stage.ours),
        bare_memories=measure.memories(subject.stage.bare),
        statements=cold_statements(subject.stage.database, city.targets),
    )


def _level(plan: Plan, subject: Subject, count: int) -> Level:
    """Bring the number of neighbours up to this and measure the same city again."""
    servers = subject.stage
    _tell(f"{servers.kind}, {subject.city.slug}: with {count} neighbours")
    generate_neighbours(servers.database, up_to=count)
    servers.settle()
    _visit(servers, count)
    subject = _subject(servers, subject.city.slug, subject.city.tenant_id)
    targets = [subject.city.target(name) for name in _GROWTH]
    regions = subject.city.target("regions/")
    hits = measure.hits(servers, targets, seconds=plan.seconds, rounds=plan.rounds, only=(OURS, BARE))
    colds = measure.colds(subject, [*targets, regions], (GZIP,), repeats=plan.repeats, published=WORDS)
    with closing(Phone(servers.ours.port)) as phone:
        size = len(phone.get(regions.path).body)
    return Level(
        neighbours=count,
        hits=hits,
        colds=colds[:-1],
        visibility=measure.visibility(subject, subject.city.target(subject.city.watched), repeats=plan.repeats),
        memories=measure.memories(servers.ours),
        regions=size,
        regions_cold=colds[-1],
    )


def _visit(servers: Stage, count: int) -> None:
    """Read every neighbour: a server that nobody asks for them would not feel them."""
    for _ in range(_VISITORS):
        with closing(Phone(servers.ours.port)) as phone:
            for number in range(count):
                phone.get(f"/api/v3/{neighbour(number)}/{LANGUAGE}/children/?depth=1", encoding=GZIP)


def _figures(plan: Plan, runs: Sequence[Run]) -> dict[str, object]:
    circumstances = report.circumstances(plan.seconds, plan.rounds)
    return {"circumstances": circumstances, "plan": asdict(plan), "runs": [asdict(run) for run in runs]}


def _tell(what: str) -> None:
    click.echo(f"… {what}", err=True)


def _numbers(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[int, ...]:
    try:
        return tuple(sorted(int(part) for part in text.split(",") if part))
    except ValueError:
        raise click.BadParameter("write whole numbers with commas between them") from None


@click.command()
@click.option("--database", type=click.Choice([*DATABASES, "both"]), default="both", show_default=True)
@click.option(
    "--city",
    "cities",
    multiple=True,
    type=click.Choice(CITIES),
    default=CITIES,
    show_default=True,
    help="Can be repeated.",
)
@click.option("--seconds", default=3.0, show_default=True, help="Duration of one load.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Loads of each kind.")
@click.option("--repeats", default=7, show_default=True, type=click.IntRange(1), help="Publications of each kind.")
@click.option("--neighbours", default="0,9,99,999", show_default=True, callback=_numbers, help="Other cities.")
@click.option("--district", default=FOLDER, show_default=True, type=click.Path(path_type=Path))
@click.option("--quick", is_flag=True, help="A short run that shows whether everything works; its figures mean little.")
@click.option("--json", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write all figures here as well.")
def main(*, database: str, quick: bool, file: Path | None, **amounts: Any) -> None:
    """Measure reading and print tables in Markdown; what is being done is told on stderr."""
    plan = Plan(databases=DATABASES if database == "both" else (database,), **amounts)
    if quick:
        plan = replace(plan, seconds=0.4, rounds=1, repeats=2, neighbours=(0, 3))
    click.echo(report.circumstances(plan.seconds, plan.rounds) + "\n")
    if DISTRICT in plan.cities and not plan.district.is_dir():
        click.echo(f"The district is left out: {plan.district} does not exist.\n")
    runs = []
    try:
        with signals_interrupt():
            for run in run_all(plan):
                runs.append(run)
                click.echo("\n\n".join(report.run_tables(run)) + "\n")
    except (NotServing, Failed, NotSeen, HTTPException, Problem) as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo(f"### Goals\n\n{goals_table(runs)}")
    if file is not None:
        file.write_text(json.dumps(_figures(plan, runs), default=str, indent=1))


if __name__ == "__main__":
    main()
