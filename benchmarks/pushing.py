"""`make bench`, seventh part: what a template has learned, brought to all cities made from it by the server's worker.

Meanwhile a reader asks one of these cities after the other, and an editor works in one of them; beside it stands the
same with the worker at rest. Both ask at a steady pace, so what they wait for is not of their own making.
"""

from __future__ import annotations

import http.client
import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles

import click

from benchmarks import report
from benchmarks.generate import Shape, generate_city
from benchmarks.newsroom import EDITOR, Newsroom
from benchmarks.processes import children, command_of, seconds_worked
from benchmarks.serving import DATABASES, Stage, stage
from cityinfo import registry
from cityinfo.adapters.folder import FolderStore
from cityinfo.features import onboarding, pages, upstream
from cityinfo.features.onboarding import CityDraft
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Database

TEMPLATE, LANGUAGES = "template", ("de", "en")
SHAPE = Shape(pages=300, branches=(10, 5), languages=LANGUAGES)
READS, SAVES = 0.025, 0.25  # seconds from one to the next
_PATIENCE = 1_800.0  # seconds for all followers


@dataclass
class Watched:
    """Milliseconds that readers and an editor waited."""

    reads: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One push: how many pages had changed, how long all followers took, what the worker did and held for it."""

    changed: int
    followers: int
    seconds: float
    processor: float
    memory: int
    watched: Watched


def make_followers(database: Database, store: FolderStore, number: int) -> list[int]:
    """Cities made from the template, which let come by itself what they have not changed."""
    found = []
    for one in range(number):
        asked = onboarding.request(database, TEMPLATE, CityDraft(slug=f"town-{one}", name=f"Town {one}"), actor=EDITOR)
        clone = partial(registry.STORE_JOBS[onboarding.CLONE], store=store)
        jobs.run_job(database, {onboarding.CLONE: clone}, asked.tenant_id, asked.job_id)
        with database.unit_of_work(asked.tenant_id, write=True) as db:
            for following in upstream.followings(db):
                upstream.change_following(db, following.source_id, by_itself=True, actor=EDITOR)
        found.append(asked.tenant_id)
    return found


def push(servers: Stage, template: int, followers: Sequence[int], changed: int, worker: int) -> Push:
    """Change so many pages of the template, and wait until every follower says what it says."""
    newsroom = Newsroom(servers.database, template, LANGUAGES[0])
    with servers.database.unit_of_work(template) as db:
        entries = [node.id for node in pages.tree(db)][:changed]
    for entry in entries:
        newsroom.edit_words(entry)
    worked, started = seconds_worked([worker]), time.perf_counter()
    with watching(servers, followers) as watched:
        upstream.enqueue_followers(servers.database, only=template)
        _wait(lambda: all(_is_done(servers.database, one) for one in followers))
        seconds = time.perf_counter() - started
    return Push(
        changed=changed,
        followers=len(followers),
        seconds=seconds,
        processor=seconds_worked([worker]) - worked,
        memory=_held(worker),
        watched=watched,
    )


@contextmanager
def watching(servers: Stage, followers: Sequence[int]) -> Iterator[Watched]:
    """A reader and an editor at work, each in a thread of its own."""
    watched, ended = Watched(), threading.Event()
    newsroom = Newsroom(servers.database, followers[0], LANGUAGES[1])
    with servers.database.unit_of_work(followers[0]) as db:
        page = pages.tree(db)[-1].id
    towns = itertools.cycle(range(len(followers)))
    connection = http.client.HTTPConnection("127.0.0.1", servers.ours.port, timeout=60)

    def save() -> float:
        return newsroom.edit_words(page).milliseconds

    threads = [
        threading.Thread(target=_paced, args=(partial(_ask, connection, towns), READS, watched.reads, ended)),
        threading.Thread(target=_paced, args=(save, SAVES, watched.saves, ended)),
    ]
    for thread in threads:
        thread.start()
    try:
        yield watched
    finally:
        ended.set()
        for thread in threads:
            thread.join()
        connection.close()


def _ask(connection: http.client.HTTPConnection, towns: Iterator[int]) -> float:
    started = time.perf_counter()
    connection.request("GET", f"/api/v1/tenants/town-{next(towns)}/{LANGUAGES[0]}/pages")
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise click.ClickException(f"A reader was answered with {answer.status}.")
    return (time.perf_counter() - started) * 1e3


def _paced(act: Callable[[], float], pause: float, into: list[float], ended: threading.Event) -> None:
    due = time.perf_counter()
    while not ended.is_set():
        into.append(act())
        due = max(due + pause, time.perf_counter())
        time.sleep(max(due - time.perf_counter(), 0))


def _is_done(database: Database, city: int) -> bool:
    with database.unit_of_work(city) as db:
        return not jobs.open_jobs(db, upstream.RECEIVE) and not upstream.waiting(db)


def _wait(is_done: Callable[[], bool]) -> None:
    patience = time.monotonic() + _PATIENCE
    while not is_done():
        if time.monotonic() > patience:
            raise click.ClickException("The followers did not come to an end.")
        time.sleep(0.25)


def _held(pid: int) -> int:
    """Bytes that a process has held at most."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) * 1024


def _worker_of(servers: Stage) -> int:
    return next(pid for pid in children(servers.ours.pid) if "worker" in command_of(pid))


def _measured(servers: Stage, folder: Path, followers: int, changes: Sequence[int]) -> Iterator[Push]:
    template = generate_city(servers.database, TEMPLATE, SHAPE)
    towns = make_followers(servers.database, FolderStore(folder / "var" / "media"), followers)
    servers.settle()
    worker = _worker_of(servers)
    upstream.enqueue_followers(servers.database, only=template)
    _wait(lambda: all(_is_done(servers.database, one) for one in towns))
    with watching(servers, towns) as quiet:
        time.sleep(20)
    yield Push(changed=0, followers=followers, seconds=0, processor=0, memory=_held(worker), watched=quiet)
    for changed in changes:
        yield push(servers, template, towns, changed, worker)


def table(found: Sequence[Push]) -> str:
    """A row for each push, the first of which is none."""
    head = ["pages changed", "followers", "s a follower", "processor", "worker, MB", "read p99, ms", "save p99, ms"]
    return report.table(head, [_row(one) for one in found])


def _row(one: Push) -> list[str]:
    each = [f"{total / one.followers:.3f}" if total else "–" for total in (one.seconds, one.processor)]
    watched = [f"{quantiles(times, n=100)[98]:.0f}" for times in (one.watched.reads, one.watched.saves)]
    name = str(one.changed) if one.changed else "none (quiet)"
    return [name, str(one.followers), *each, f"{one.memory / 1e6:.0f}", *watched]


@click.command()
@click.option("--database", type=click.Choice([*DATABASES, "both"]), default="both", show_default=True)
@click.option("--followers", default=200, show_default=True, type=click.IntRange(1))
@click.option("--changed", "changes", multiple=True, default=(1, 30), show_default=True, type=click.IntRange(1, 300))
def main(*, database: str, followers: int, changes: Sequence[int]) -> None:
    """Measure pushing a template and print tables in Markdown."""
    click.echo("## Pushing what a template has learned\n\n300 pages in two languages, 2 KB each.\n")
    for kind in DATABASES if database == "both" else (database,):
        click.echo(f"… {kind}: preparing", err=True)
        with tempfile.TemporaryDirectory(prefix="cityinfo-bench-") as folder, stage(kind, Path(folder)) as servers:
            found = list(_measured(servers, Path(folder), followers, changes))
            click.echo(f"### {kind}, pushing\n\n{table(found)}\n")


if __name__ == "__main__":
    main()
