"""`make bench`, second part: taking in pictures and sending them, beside a bare function that sends as many bytes.

Everything runs on a database, a folder and servers of its own; nothing is left behind.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from statistics import median

import click
from PIL import Image
from sqlalchemy import func, select

from benchmarks import report
from benchmarks.generate import GENERATOR, NEIGHBOUR, generate_city
from benchmarks.load import Failed, Load, measure
from benchmarks.reading import Phone
from benchmarks.serving import DATABASES, NotServing, Server, Stage, stage
from cityinfo.app import open_library, open_store
from cityinfo.cli.lifeline import signals_interrupt
from cityinfo.features import media
from cityinfo.features.media import Library, Upload, Words
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.jobs import Job
from cityinfo.settings import Settings

SIZE = (600, 400)  # pixels
_PATIENCE = 1_800.0  # seconds for the worker to make all copies
_SHOWN_MORE = 5  # addresses under constant load


@dataclass(frozen=True, slots=True)
class Loads:
    """One address and what it is compared with, round by round."""

    name: str
    size: int
    ours: Sequence[Load]
    bare: Sequence[Load]


def make_pictures(count: int) -> Iterator[bytes]:
    """Pictures of which none has the bytes of another."""
    noise = Image.effect_noise((SIZE[0] * 2, SIZE[1] * 2), 60).resize(SIZE).convert("RGB")
    for number in range(count):
        noise.paste((number % 256, number // 256 % 256, 128), (0, 0, 40, 40))
        written = io.BytesIO()
        noise.save(written, "JPEG", quality=85)
        yield written.getvalue()


def upload_all(library: Library, tenant_id: int, pictures: Sequence[bytes]) -> list[float]:
    """Upload one after the other; returns milliseconds of each, from bytes at hand to the committed row."""
    times = []
    for number, data in enumerate(pictures):
        words = {"de": Words(f"Bild {number}")}
        started = time.perf_counter()
        library.upload(tenant_id, Upload(name=f"bild-{number}.jpg", data=data, words=words), actor=GENERATOR)
        times.append((time.perf_counter() - started) * 1e3)
    return times


def wait_for_copies(servers: Stage, tenant_id: int) -> float:
    """Seconds until the worker has made all copies of all pictures."""
    started = time.perf_counter()
    while time.perf_counter() - started < _PATIENCE:
        with servers.database.unit_of_work(tenant_id) as db:
            waiting = select(func.count(Job.id)).where(Job.name == media.RENDITIONS, Job.finished_at.is_(None))
            if not db.scalar(waiting):
                return time.perf_counter() - started
        time.sleep(0.2)
    raise Failed("The worker did not make all copies in time.")


def read_each(server: Server, addresses: Sequence[str]) -> list[float]:
    """Milliseconds for each address, asked for once, over one connection."""
    with closing(Phone(server.port)) as phone:
        return [phone.get(address).milliseconds for address in addresses]


def compare(servers: Stage, name: str, address: str, *, seconds: float, rounds: int) -> Loads:
    with closing(Phone(servers.ours.port)) as phone:
        size = len(phone.get(address).raw)
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(measure(servers.ours, address, seconds=seconds))
        bare.append(measure(servers.bare, f"/{size}", seconds=seconds))
    return Loads(name, size, ours, bare)


def _run(kind: str, count: int, *, seconds: float, rounds: int) -> str:
    with tempfile.TemporaryDirectory(prefix="cityinfo-bench-") as folder, stage(kind, Path(folder)) as servers:
        settings = Settings(data_dir=Path(folder) / "var")
        library = open_library(settings, servers.database, open_store(settings))
        tenant_id = generate_city(servers.database, "pictures", NEIGHBOUR)
        _tell(f"{kind}: uploading {count} pictures")
        pictures = list(make_pictures(count))
        uploads = upload_all(library, tenant_id, pictures)
        _tell(f"{kind}: waiting for copies")
        copying = wait_for_copies(servers, tenant_id)
        with servers.database.unit_of_work(tenant_id) as db:
            files = [media.find(db, one) for one in media.MEDIA.all_ids(db)]
        _tell(f"{kind}: reading")
        reads = read_each(servers.ours, [media.address(file.key) for file in files])
        chosen = [("original", files[0].key)]
        chosen += [(f"{one['type']}, {one['width']} px", one["key"]) for one in files[0].renditions["items"]]
        found = [
            compare(servers, name, media.address(key), seconds=seconds, rounds=rounds)
            for name, key in chosen[:_SHOWN_MORE]
        ]
        return "\n\n".join([f"### {kind}, {count} pictures", _told(pictures, uploads, copying, reads), _table(found)])


def _tell(what: str) -> None:
    click.echo(f"… {what}", err=True)


def _told(pictures: Sequence[bytes], uploads: Sequence[float], copying: float, reads: Sequence[float]) -> str:
    return "\n".join(
        [
            f"- Pictures: {SIZE[0]} × {SIZE[1]} pixels, {median(map(len, pictures)) / 1e3:.0f} KB",
            f"- Upload, one after the other while the worker makes copies: {_milliseconds(uploads)},"
            f" {1e3 * len(uploads) / sum(uploads):.1f} a second",
            f"- Copies were complete {copying:.1f} s after the last upload",
            f"- Each picture asked for once over one connection: {_milliseconds(reads)}",
        ]
    )


def _milliseconds(times: Sequence[float]) -> str:
    ordered = sorted(times)
    return f"{median(ordered):.1f} ms (p99 {ordered[len(ordered) * 99 // 100]:.1f} ms)"


def _table(found: Sequence[Loads]) -> str:
    rows = []
    for one in found:
        speeds = [median(load.per_second for load in loads) for loads in (one.ours, one.bare)]
        efforts = [median(load.cpu for load in loads) for loads in (one.ours, one.bare)]
        shares = [ours.per_second / bare.per_second for ours, bare in zip(one.ours, one.bare, strict=True)]
        figures = [f"{one.size:,}", *(f"{speed:,.0f}" for speed in speeds), f"{median(shares):.0%}"]
        rows.append([one.name, *figures, *(f"{effort:.0f}" for effort in efforts)])
    head = ["picture", "bytes", "ours /s", "bare /s", "share", "ours µs", "bare µs"]
    return report.table(head, rows)


@click.command()
@click.option("--database", type=click.Choice([*DATABASES, "both"]), default="both", show_default=True)
@click.option("--pictures", default=1_000, show_default=True, type=click.IntRange(1), help="How many are uploaded.")
@click.option("--seconds", default=3.0, show_default=True, help="Duration of one load.")
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Loads of each kind.")
@click.option("--quick", is_flag=True, help="A short run that shows whether everything works; its figures mean little.")
def main(*, database: str, pictures: int, seconds: float, rounds: int, quick: bool) -> None:
    """Measure taking in and sending pictures, and print tables in Markdown."""
    if quick:
        pictures, seconds, rounds = 20, 1.0, 1
    click.echo(report.circumstances(seconds, rounds) + "\n")
    try:
        with signals_interrupt():
            for kind in DATABASES if database == "both" else (database,):
                click.echo(_run(kind, pictures, seconds=seconds, rounds=rounds) + "\n")
    except (NotServing, Failed, HTTPException, Problem) as trouble:
        raise click.ClickException(str(trouble)) from trouble


if __name__ == "__main__":
    main()
