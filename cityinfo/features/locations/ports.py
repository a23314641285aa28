"""What locations need from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


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
