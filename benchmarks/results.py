"""What a run found, and how single figures are made of it: always medians, ratios within the same round."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.load import Load
from benchmarks.measure import BARE, GZIPPED, OURS, Cold, Delta, Hit, Visibility
from benchmarks.processes import Memory

Value = Callable[[Load], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The same city, measured with so many others around it."""

    neighbours: int
    hits: Sequence[Hit]
    colds: Sequence[Cold]
    visibility: Visibility
    memories: Sequence[Memory]
    regions: int  # bytes of the list of cities
    regions_cold: Cold


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One city on one kind of database."""

    database: str
    city: str
    about: str
    hits: Sequence[Hit]
    colds: Sequence[Cold]
    visibility: Visibility
    delta: Delta
    memories: Sequence[Memory]
    bare_memories: Sequence[Memory]  # of the bare WSGI function's workers, after the same loads
    statements: Mapping[str, int]  # of SQL, by address, when nothing was known before
    levels: list[Level] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.database}, {self.city}"


def per_second(load: Load) -> float:
    return load.per_second


def cpu(load: Load) -> float:
    return load.cpu


def typical(hit: Hit, series: str, value: Value = per_second) -> float:
    """The median of all rounds."""
    return median(value(load) for load in hit.loads[series])


def ratio(hit: Hit, series: str, other: str, value: Value = per_second) -> float:
    """One series to another: the median of the ratios within each round, because the machine changes between them."""
    pairs = zip(hit.loads[series], hit.loads[other], strict=True)
    return median(value(one) / max(value(two), 1e-9) for one, two in pairs)


def speed(hit: Hit) -> float:
    """Requests per second of an answer at hand as a part of what the bare WSGI function reaches."""
    return ratio(hit, OURS, BARE)


def effort(hit: Hit) -> float:
    """The same in processor time: how much of the time for a request the bare WSGI function needs as well."""
    return ratio(hit, BARE, OURS, cpu)


def others(hits: Sequence[Hit]) -> list[float]:
    """Processors that were busy with something else, of every load."""
    return [load.others for hit in hits for loads in hit.loads.values() for load in loads]


def largest(memories: Sequence[Memory]) -> Memory:
    return max(memories, key=lambda one: one.fair)


def gzipped(colds: Sequence[Cold]) -> Iterator[Cold]:
    return (cold for cold in colds if cold.encoding == GZIPPED)
