"""What an archive asks of the features: the door that each kind of content opens to it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from cityinfo.features import content
from cityinfo.features.media import Kept, Library
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where an archive is applied: the unit of work, who does it, and the bytes that are kept for new files."""

    db: Work
    actor: Actor
    library: Library
    kept: Mapping[str, Kept]


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """An entry that is to be made, below or of another one where its kind has that."""

    facts: Any
    under: int | None
    id_v3: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An entry that is there, and what shall be said of it."""

    id: int
    revision: int
    facts: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(ABC):
    """`references` are the fields of the facts that name other entries, with their kinds."""

    kind: str
    folder: str
    facts: type[Any]
    module: ModuleType
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """What holds the facts, in the folder of an entry."""
        return f"{self.kind}.toml"

    @abstractmethod
    def read(self, db: Work, entry_id: int) -> Any:
        """What is said of an entry now."""

    @abstractmethod
    def create(self, ground: Ground, new: New) -> int:
        """A new entry; returns its identity."""

    @abstractmethod
    def change(self, ground: Ground, known: Known) -> None:
        """Say something else of an entry."""

    def release(self, ground: Ground, known: Known) -> None:
        """Do what is left to do when all words are there, if anything is."""
        del ground, known

    def put_away(self, ground: Ground, known: Known, *, archived: bool) -> None:
        """Archive an entry, or bring it back."""
        act = self.module.archive if archived else self.module.restore
        act(ground.db, known.id, revision=known.revision, actor=ground.actor)


def as_it_is(db: Work, entry_id: int, facts: Any) -> Known:
    """An entry with its revision of now."""
    return Known(id=entry_id, revision=content.find_entry(db, entry_id).revision, facts=facts)
