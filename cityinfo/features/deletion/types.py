"""What is said before a city goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be deleted. `entries` by kind; `people` lose the access they have here."""

    slug: str
    name: str
    entries: dict[str, int] = field(default_factory=dict)
    texts: int = 0
    rows: int = 0
    files: int = 0
    bytes: int = 0
    people: int = 0
    tokens: int = 0
    webhooks: int = 0
    feedback: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """An archive that waits to be fetched."""

    key: str
    size: int
    made_at: datetime

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2]
