"""One way to cut what is long: into portions for a statement, into pages for a reader."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

T = TypeVar("T")
PORTION = 500  # stays far below the number of parameters any database takes in one statement


def portions(items: Collection[T], size: int = PORTION) -> Iterator[list[T]]:
    """The items in lists of at most `size`, in order."""
    ordered = list(items)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
