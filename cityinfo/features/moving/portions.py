"""Writing much, a portion at a time: what is refused holds up nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Problem, Unavailable
from cityinfo.kernel.jobs import Run
from cityinfo.kernel.listing import portions

from .types import Watch

T = TypeVar("T")
PORTION = 40  # things kept at once: readers and editors of other cities wait no longer than that takes


def each(
    run: Run,
    items: Sequence[T],
    act: Callable[[Work, T], None],
    refused: Callable[[T, Problem], None],
    watch: Watch,
) -> None:
    """Do this to every item. Where one of a portion is refused, each is done alone, and that one is handed back."""
    done = 0
    for some in portions(items, PORTION):
        watch(done / len(items))
        try:
            with run.unit_of_work(write=True) as db:
                for one in some:
                    act(db, one)
        except Unavailable:
            raise
        except Problem:
            for one in some:
                _alone(run, one, act, refused)
        done += len(some)


def _alone(run: Run, one: T, act: Callable[[Work, T], None], refused: Callable[[T, Problem], None]) -> None:
    try:
        with run.unit_of_work(write=True) as db:
            act(db, one)
    except Unavailable:
        raise
    except Problem as problem:
        refused(one, problem)
