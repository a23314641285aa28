"""Results as tables in Markdown, ready for docs/performance.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks import results
from benchmarks.load import generator
from benchmarks.measure import BARE, FLASK, GZIPPED, NOT_MODIFIED, OURS, Cold, Hit
from benchmarks.processes import Memory
from benchmarks.reading import ENCODINGS
from benchmarks.results import Level, Run, cpu, effort, largest, ratio, speed, typical
from benchmarks.serving import WORKERS
from benchmarks.statements import PEER

Rows = Sequence[Sequence[str]]


def table(head: Sequence[str], rows: Rows) -> str:
    """Markdown for figures: the first column is a name, all others are numbers."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    return "\n".join(_line(row, widths) for row in (head, rule, *rows))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)]
    return f"| {' | '.join([f'{row[0]:<{widths[0]}}', *cells[1:]])} |"


def circumstances(seconds: float, rounds: int) -> str:
    """Where and how this was measured."""
    processor = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    return "\n".join(
        [
            f"- Machine: {os.cpu_count()} × {processor}, Linux {platform.release()}, load {os.getloadavg()[0]:.1f}",
            f"- Server: Python {platform.python_version()}, granian {version('granian')}, {WORKERS} worker processes;"
            " server, database and load generator share the machine",
            f"- Load: {generator(seconds)}, {seconds:g} s each, medians of {rounds} interleaved rounds",
        ]
    )


def run_tables(run: Run) -> Iterator[str]:
    """Everything about one city on one kind of database."""
    yield f"### {run.name}\n\n{run.about}"
    yield f"Answers at hand, requests per second. {_noise(run.hits)}\n\n{_speeds(run.hits)}"
    yield f"Answers at hand, microseconds of processor time for each request.\n\n{_efforts(run.hits)}"
    for published, what in (
        ("words", "of an entry's words (or of the city's name)"),
        ("address", "of an entry's slug"),
    ):
        some = [cold for cold in run.colds if cold.published == published]
        if some:
            yield f"First answer after a publication {what}: milliseconds, median (slowest).\n\n{_colds(some)}"
    yield f"SQL statements of an answer when nothing was known before.\n\n{_statements(run.statements)}"
    yield "\n".join([f"- {line}" for line in _sentences(run)])
    if run.levels:
        yield f"The same city among neighbours of 20 pages × 2 languages.\n\n{_growth(run.levels)}"


def _noise(hits: Sequence[Hit]) -> str:
    found = results.others(hits)
    return (
        f"Other processes, database and host took {median(found):.2f} processors meanwhile, at most {max(found):.2f}."
    )


def _speeds(hits: Sequence[Hit]) -> str:
    head = ["address", "body", "gzip, sent", "304, sent", "ours", "p50 ms", "p99 ms", "304", "gzip"]
    head += ["bare WSGI", "bare Flask", "ours ÷ WSGI", "ours ÷ Flask"]
    rows = []
    for hit in hits:
        loads = [typical(hit, one) for one in (NOT_MODIFIED, GZIPPED, BARE, FLASK)]
        rows.append(
            [
                hit.name,
                *(_bytes(size) for size in (hit.body, hit.wire, hit.wire_304)),
                _whole(typical(hit, OURS)),
                f"{typical(hit, OURS, lambda load: load.p50):.2f}",
                f"{typical(hit, OURS, lambda load: load.p99):.2f}",
                *(_whole(load) for load in loads),
                percent(speed(hit)),
                f"{ratio(hit, OURS, FLASK):.1f}",
            ]
        )
    return table(head, rows)


def _efforts(hits: Sequence[Hit]) -> str:
    head = ["address", "ours", "304", "gzip", "bare WSGI", "bare Flask", "WSGI ÷ ours", "Flask ÷ ours"]
    series = (OURS, NOT_MODIFIED, GZIPPED, BARE, FLASK)
    rows = [
        [
            hit.name,
            *(f"{typical(hit, one, cpu):.0f}" for one in series),
            percent(effort(hit)),
            f"{ratio(hit, FLASK, OURS, cpu):.1f}",
        ]
        for hit in hits
    ]
    return table(head, rows)


def _colds(colds: Sequence[Cold]) -> str:
    names = list(dict.fromkeys(cold.name for cold in colds))
    found = {(cold.name, cold.encoding): cold.milliseconds for cold in colds}
    rows = [[name, *(_middle_and_most(found[name, encoding]) for encoding in ENCODINGS)] for name in names]
    return table(["address", *ENCODINGS], rows)


def _statements(found: Mapping[str, int]) -> str:
    rows = [[name, str(count), f"{PEER[name]:,}" if name in PEER else ""] for name, count in found.items()]
    return table(["address", "ours", "Integreat CMS"], rows)


def _sentences(run: Run) -> Iterator[str]:
    saves, seen = run.visibility.saves, run.visibility.seen
    yield f"Saving and publishing one text: {_middle_and_most(saves)} ms."
    yield f"From the commit until phones on both workers see it: {_middle_and_most(seen)} ms."
    delta = run.delta
    yield (
        f"Everything in one language: {_bytes(delta.bundle)} ({_bytes(delta.bundle_gzip)} gzip)."
        f" One edit of one entry afterwards: {_bytes(delta.change)} ({_bytes(delta.change_gzip)} gzip)."
    )
    yield (
        f"Memory of the workers after all this, in MB, and with shared pages counted in parts: {_sizes(run.memories)};"
        f" of those of the bare WSGI function after the same loads: {_sizes(run.bare_memories)}."
    )


def _sizes(memories: Sequence[Memory]) -> str:
    return ", ".join(f"{_mega(one.resident)} ({_mega(one.fair)})" for one in memories)


def _growth(levels: Sequence[Level]) -> str:
    """One row for each figure, one column for each number of neighbours."""
    rows = [[name, *values] for name, values in _figures(levels)]
    return table(["", *(f"{level.neighbours} neighbours" for level in levels)], rows)


def _figures(levels: Sequence[Level]) -> Iterator[tuple[str, list[str]]]:
    for of_level in zip(*(level.hits for level in levels), strict=True):
        name = of_level[0].name
        yield f"{name}, ours ÷ WSGI", [percent(speed(hit)) for hit in of_level]
        yield f"{name}, processor time WSGI ÷ ours", [percent(effort(hit)) for hit in of_level]
    for colds in zip(*(level.colds for level in levels), strict=True):
        yield f"{colds[0].name}, first answer in {colds[0].encoding}, ms", _all(cold.milliseconds for cold in colds)
    yield "saving and publishing, ms", _all(level.visibility.saves for level in levels)
    yield "until seen, ms", _all(level.visibility.seen for level in levels)
    yield "largest worker, MB", [_mega(largest(level.memories).resident) for level in levels]
    yield "regions/, body", [_bytes(level.regions) for level in levels]
    yield "regions/, first answer in gzip, ms", _all(level.regions_cold.milliseconds for level in levels)


def _all(values: Iterable[Sequence[float]]) -> list[str]:
    return [_middle_and_most(some) for some in values]


def _middle_and_most(values: Sequence[float]) -> str:
    return f"{median(values):.1f} ({max(values):.1f})"


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _bytes(size: float) -> str:
    return f"{size:,.0f} B" if size < 10_000 else f"{size / 1000:,.0f} KB"


def _mega(size: float) -> str:
    return f"{size / 1e6:.0f}"


def percent(part: float) -> str:
    return f"{part:.0%}".replace("%", " %")
