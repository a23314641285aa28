"""What locations need from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

if TYPE_CHECKING:
    from .importing import Checked


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a map knows under an address."""

    latitude: float
    longitude: float
    label: str


class Geocoder(Protocol):
    """Finds the coordinates of an address."""

    def find(self, address: str) -> Sequence[Found]:
        """What fits, best first, nothing when nothing does; `Unavailable` when nobody answers."""
        ...


class Companion(Protocol):
    """What comes along with imported locations, of a kind that locations do not know: how to reach them."""

    def check(self, cells: Mapping[str, str]) -> None:
        """Raise `Invalid` for cells (`phone`, `email`, `website`) that nobody could use."""
        ...

    def create(self, db: Work, location_id: int, row: Checked, *, draft: bool, actor: Actor) -> int | None:
        """Make it in the languages of the row; the entry, or None when the row says nothing of it."""
        ...

    def remove(self, db: Work, entry_id: int, *, actor: Actor) -> None:
        """Delete it for good."""
        ...
