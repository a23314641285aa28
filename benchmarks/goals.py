"""What reading has to reach, and whether it did. The numbers are what they are: a goal that is missed fails nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.measure import BARE, FLASK, OURS
from benchmarks.report import percent
from benchmarks.results import Level, Run, effort, gzipped, largest, ratio, speed

SPEED = 0.60  # of the requests per second of the bare WSGI function
COLD = 50.0  # milliseconds
STATEMENTS = 12
SEEN = 100.0  # milliseconds
CHANGE = 10_000  # bytes
EVERYTHING = 2_000_000  # bytes of the full set to which that is compared
MEMORY = 120_000_000  # bytes of a worker, what it shares with the others counted in parts
STEADY = 1.25  # times what it was without neighbours; less is noise


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal, judged by its worst case."""

    wanted: str
    measured: str
    met: bool


def goals(run: Run) -> Iterator[Goal]:
    """Every goal for one city on one kind of database."""
    slowest = min(run.hits, key=speed)
    yield Goal(
        f"an answer at hand reaches {percent(SPEED)} of the bare WSGI function's requests per second",
        f"{percent(speed(slowest))} at worst ({slowest.name}; in processor time {percent(effort(slowest))});"
        f" {_span(ratio(hit, OURS, FLASK) for hit in run.hits)} times the bare Flask view, where the bare WSGI"
        f" function itself has {_span(ratio(hit, BARE, FLASK) for hit in run.hits)} times",
        speed(slowest) >= SPEED,
    )
    cold = max(run.colds, key=lambda one: median(one.milliseconds))
    yield Goal(
        f"the first request after a publication stays under {COLD:.0f} ms",
        f"{median(cold.milliseconds):.1f} ms, slowest {max(cold.milliseconds):.1f} ms"
        f" ({cold.name}, {cold.encoding}, {cold.published})",
        median(cold.milliseconds) < COLD,
    )
    most = max(run.statements, key=lambda name: run.statements[name])
    yield Goal(
        f"an answer takes at most {STATEMENTS} SQL statements when nothing was known before",
        f"{run.statements[most]} ({most})",
        run.statements[most] <= STATEMENTS,
    )
    yield from _sync_goals(run)
    memory = largest(run.memories)
    yield Goal(
        f"a worker stays under {MEMORY / 1e6:.0f} MB",
        f"{memory.fair / 1e6:.0f} MB ({memory.resident / 1e6:.0f} MB with shared pages counted whole)",
        memory.fair < MEMORY,
    )
    if len(run.levels) > 1:
        yield _growth_goal(run.levels[0], run.levels[-1])


def _sync_goals(run: Run) -> Iterator[Goal]:
    seen, delta = run.visibility.seen, run.delta
    yield Goal(
        f"a save is visible in the API within {SEEN:.0f} ms",
        f"{median(seen):.1f} ms after its commit, slowest {max(seen):.1f} ms; the save itself"
        f" {median(run.visibility.saves):.1f} ms",
        median(seen) < SEEN,
    )
    full = "" if delta.bundle > EVERYTHING else f", which is less than the {EVERYTHING / 1e6:.0f} MB of the goal"
    yield Goal(
        f"a one-page edit costs a syncing phone under {CHANGE / 1000:.0f} KB",
        f"{delta.change:,} B ({delta.change_gzip:,} gzip); everything is {delta.bundle:,} B{full}",
        delta.change < CHANGE,
    )


def _growth_goal(first: Level, last: Level) -> Goal:
    found: dict[str, float] = {}
    for before, after in zip(first.hits, last.hits, strict=True):
        found[f"{after.name}, time beside the bare WSGI function's"] = effort(before) / effort(after)
    for cold, later in zip(gzipped(first.colds), gzipped(last.colds), strict=True):
        found[f"first {later.name}"] = median(later.milliseconds) / median(cold.milliseconds)
    found["save"] = median(last.visibility.saves) / median(first.visibility.saves)
    found["visible"] = median(last.visibility.seen) / median(first.visibility.seen)
    found["memory"] = largest(last.memories).resident / largest(first.memories).resident
    worst = max(found, key=lambda name: found[name])
    return Goal(
        f"{last.neighbours - first.neighbours} neighbours change nothing (less than {STEADY:g} times)",
        f"{found[worst]:.2f} times at worst ({worst})",
        found[worst] <= STEADY,
    )


def goals_table(runs: Sequence[Run]) -> str:
    """All goals of all runs."""
    rows = [(run.name, goal.wanted, "yes" if goal.met else "no", goal.measured) for run in runs for goal in goals(run)]
    lines = [("where", "goal", "reached", "measured"), ("---", "---", "---", "---"), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _span(values: Iterable[float]) -> str:
    ordered = sorted(values)
    return f"{ordered[0]:.1f} to {ordered[-1]:.1f}"
