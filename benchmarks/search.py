"""`make bench`, third part: whether searching finds the page that answers, beside other ways to search.

Everything runs on a database, a folder and servers of its own; nothing is left behind.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path
from statistics import median
from urllib.parse import quote

import click

from benchmarks import report
from benchmarks.district import DISTRICT, FOLDER, Question, import_district, mistyped, questions
from benchmarks.engines import Engine, MiniSearch, Ours, Stems, install_minisearch, published_pages
from benchmarks.load import Failed
from benchmarks.measure import memories
from benchmarks.processes import seconds_worked
from benchmarks.reading import Phone
from benchmarks.report import percent
from benchmarks.serving import NotServing, Stage, stage
from cityinfo import registry
from cityinfo.app import open_encoder
from cityinfo.cli.lifeline import signals_interrupt
from cityinfo.features import publishing, search
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Database
from cityinfo.kernel.errors import Problem
from cityinfo.settings import Settings

LANGUAGES = ("de", "en")
_HEAD = ("search", "@1", "@5", "@10", "MRR", "answerable @1", "@5", "@10", "MRR", "ms", "p95")


@dataclass(frozen=True, slots=True)
class Outcome:
    """At which place each question's page was found, from 1; 0 where it was not among the first ten."""

    asked: Sequence[Question]
    places: Sequence[int]
    milliseconds: float
    late: float | None

    def of(self, *, answerable: bool = False, check: bool = False) -> list[int]:
        """The places of some of the questions."""
        pairs = zip(self.asked, self.places, strict=True)
        return [place for one, place in pairs if one.answerable >= answerable and one.check >= check]


def recall(places: Sequence[int], most: int) -> float:
    return sum(0 < place <= most for place in places) / len(places)


def reciprocal_rank(places: Sequence[int]) -> float:
    return sum(1 / place for place in places if place) / len(places)


def ask(engine: Engine, asked: Sequence[Question]) -> Outcome:
    answers = engine.ask([one.text for one in asked])
    places = [
        found.index(one.page_id) + 1 if one.page_id in found else 0
        for one, found in zip(asked, answers.found, strict=True)
    ]
    return Outcome(asked, places, answers.milliseconds, answers.late)


def _engines(
    servers: Stage, tenant_id: int, language: str, folder: str, encoder: search.Encoder | None
) -> Iterator[Engine]:
    pages = published_pages(servers.database, tenant_id, language)
    yield Ours(servers.database, tenant_id, language, pages)
    if encoder:
        yield Ours(servers.database, tenant_id, language, pages, encoder=encoder)
    yield Ours(servers.database, tenant_id, language, pages, with_shared=False)
    yield Stems(language, pages)
    if install_minisearch(folder):
        yield from (MiniSearch(pages, combine_with, folder) for combine_with in ("OR", "AND"))


def _read(database: Database, tenant_id: int, encoder: search.Encoder) -> str:
    """Read the district for what its texts mean, as the worker does."""
    search.enqueue_encoding(database, encoder=encoder)
    with database.unit_of_work(tenant_id) as db:
        [job] = jobs.open_jobs(db, search.ENCODE)
        documents = publishing.documents_count(db)
    started = time.perf_counter()
    encode = partial(search.encode, open_encoder=lambda: encoder, kinds=registry.SEARCHED)
    jobs.run_job(database, {search.ENCODE: encode}, tenant_id, job.id)
    seconds = time.perf_counter() - started
    return f"- Read for what they mean: {documents} documents in {seconds:.0f} s, in the background"


def _compared(
    servers: Stage, tenant_id: int, asked: Sequence[Question], encoder: search.Encoder | None
) -> Iterator[str]:
    language = asked[0].language
    with tempfile.TemporaryDirectory(prefix="cityinfo-bench-") as folder:
        engines = list(_engines(servers, tenant_id, language, folder, encoder))
        yield f"### {language}, {len(asked)} questions\n\n{_table(engines, asked)}"
        yield f"With one typing error in the longest word:\n\n{_table(engines, mistyped(asked))}"
        yield "\n".join(f"- {_built(engine)}" for engine in engines)


def _table(engines: Sequence[Engine], asked: Sequence[Question]) -> str:
    rows = []
    for number, engine in enumerate(engines):
        outcome = ask(engine, asked)
        rows.append([engine.name, *_figures(outcome), f"{outcome.milliseconds:.2f}", _late(outcome)])
        if number == 0 and any(one.check for one in asked):
            rows.append([f"{engine.name}, unseen half", *_figures(outcome, check=True), "", ""])
    return report.table(_HEAD, rows)


def _late_of(times: Sequence[float], share: int) -> float:
    return times[len(times) * share // 100]


def _late(outcome: Outcome) -> str:
    return "" if outcome.late is None else f"{outcome.late:.2f}"


def _figures(outcome: Outcome, *, check: bool = False) -> Iterator[str]:
    for answerable in (False, True):
        places = outcome.of(answerable=answerable, check=check)
        yield from (percent(recall(places, most)) for most in (1, 5, 10))
        yield f"{reciprocal_rank(places):.2f}"


def _built(engine: Engine) -> str:
    memory = "" if engine.memory is None else f", {engine.memory / 1e6:.1f} MB"
    return f"{engine.name}: index in {engine.building:.2f} s{memory}"


def _served(servers: Stage, asked: Sequence[Question]) -> str:
    """The same over HTTP, and what it does to the memory of a worker."""
    before = _largest(servers)
    with closing(Phone(servers.ours.port)) as phone:
        path = f"/api/v1/tenants/{DISTRICT}/{asked[0].language}/search?q="
        started = time.perf_counter()
        phone.get(path + quote(asked[0].text))
        first = (time.perf_counter() - started) * 1e3
        worked = seconds_worked(servers.ours.workers())
        times = sorted(phone.get(path + quote(one.text)).milliseconds for one in asked)
        effort = (seconds_worked(servers.ours.workers()) - worked) * 1e3 / len(asked)
    after = _largest(servers)
    return "\n".join(
        [
            f"- Over HTTP, one after the other: {median(times):.1f} ms (p95 {_late_of(times, 95):.1f} ms,"
            f" p99 {_late_of(times, 99):.1f} ms);"
            f" {effort:.1f} ms of processor time each; the first, which makes the index: {first:.0f} ms",
            f"- Memory of the larger worker: {before:.0f} MB before the first search, {after:.0f} MB afterwards",
        ]
    )


def _largest(servers: Stage) -> float:
    return max(one.resident for one in memories(servers.ours)) / 1e6


@click.command()
@click.option("--district", default=FOLDER, show_default=True, type=click.Path(path_type=Path))
@click.option("--questions", "own", type=click.Path(path_type=Path), help="Others about the same pages.")
def main(*, district: Path, own: Path | None) -> None:
    """Measure what searches find, and print tables in Markdown."""
    file = own or district / "search-questions.json"
    if not file.is_file() or not district.is_dir():
        click.echo(f"Searching is left out: {district} does not exist.")
        return
    try:
        with (
            signals_interrupt(),
            tempfile.TemporaryDirectory(prefix="cityinfo-bench-") as folder,
            stage("sqlite", Path(folder)) as servers,
        ):
            tenant_id = import_district(servers.database, district)
            asked = [questions(file, language, halved=own is None) for language in LANGUAGES]
            encoder = open_encoder(Settings(data_dir=Path(folder), search_by_meaning=True))
            if encoder:
                click.echo(_read(servers.database, tenant_id, encoder) + "\n")
            for some in asked:
                for part in _compared(servers, tenant_id, some, encoder):
                    click.echo(part + "\n")
            click.echo(_served(servers, asked[0]))
    except (NotServing, Failed, HTTPException, Problem) as trouble:
        raise click.ClickException(str(trouble)) from trouble


if __name__ == "__main__":
    main()
