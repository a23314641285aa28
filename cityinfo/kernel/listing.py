"""One way to cut what is long into portions for a statement, and to put what hangs together into an order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
PORTION = 500  # stays far below the number of parameters any database takes in one statement


def portions(items: Collection[T], size: int = PORTION) -> Iterator[list[T]]:
    """The items in lists of at most `size`, in order."""
    ordered = list(items)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def in_tree_order(ranked: Iterable[int], parents: Sequence[int | None]) -> list[int]:
    """Places in a list, parents before children; siblings as they are `ranked`. `parents` leads from place to place."""
    below: dict[int | None, list[int]] = {}
    for place in ranked:
        below.setdefault(parents[place], []).append(place)
    ordered: list[int] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        ordered.append(waiting.pop())
        waiting.extend(below.get(ordered[-1], [])[::-1])
    return ordered
