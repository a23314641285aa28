"""What another system says of a city, in the terms of this one: entries of every kind with their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cityinfo.kernel.errors import Problem
from cityinfo.kernel.i18n import Sentence

NEW, CHANGED, SAME, LEFT, GONE = "new", "changed", "same", "left", "gone"  # what became of something in a run
OUTCOMES = (NEW, CHANGED, SAME, LEFT, GONE)
MOST_NOTES = 1_000  # of a run; what is beyond is counted
Watch = Callable[[float], None]  # how much of a step is done, from 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text there. `source` is its identity there, `path` where readers found it, `id_v3` what apps know it by.

    `alt` is what the picture of its entry shows.
    """

    source: str
    title: str
    changed: datetime | None
    content: str = ""
    slug: str = ""
    path: str = ""
    alt: str = ""
    id_v3: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entry there. `facts` are as archives write them; what they name, they name by the key of that entry, and files
    by their address. `under` is the key of the page above. `where` is what people call it.
    """

    kind: str
    key: str
    texts: Mapping[str, Said]
    facts: Mapping[str, Any] = field(default_factory=dict)
    under: str = ""
    id_v3: int | None = None

    @property
    def where(self) -> str:
        said = next(iter(self.texts.values()))
        return said.path or said.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Everything that a city should have here. `told` are kind and language of the lists that came whole: what is not
    in them is not there any more. `kept` are identities of texts that could not be read but are there.
    """

    found: Sequence[Found]
    told: frozenset[tuple[str, str]]
    kept: frozenset[tuple[str, str]] = frozenset()
    categories: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # by their number there


@dataclass(slots=True)
class Report:
    """What a run did. Tallies are by kind, and by language for texts."""

    entries: dict[str, dict[str, int]] = field(default_factory=dict)
    texts: dict[str, dict[str, int]] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    references: int = 0
    nowhere: list[tuple[str, str]] = field(default_factory=list)  # page and address
    removed: dict[str, int] = field(default_factory=dict)  # markup, as ``p[style]``
    notes: list[tuple[str, str]] = field(default_factory=list)  # place and sentence
    more_notes: int = 0

    def note(self, where: str, what: str | Sentence) -> None:
        """Something a person should know."""
        if len(self.notes) < MOST_NOTES:
            self.notes.append((where, what))
        else:
            self.more_notes += 1

    def refuse(self, where: str, problem: Problem) -> None:
        """Something that cannot be here as it is there, and why."""
        self.note(where, problem.message)

    def plain(self) -> dict[str, Any]:
        """As a table keeps it."""
        once = {name: list(dict.fromkeys(getattr(self, name))) for name in ("nowhere", "notes")}
        return {**{name: getattr(self, name) for name in self.__slots__}, **once}


@dataclass(frozen=True, slots=True, kw_only=True)
class CityChoices:
    """What is said of a new city that the old server does not know. `only_new` refuses one that is here already."""

    slug: str
    region: str = ""
    name: str = ""
    official_key: str = ""
    postal_codes: Sequence[str] = ()
    hosts: Sequence[str] = ()
    only_new: bool = False


@dataclass(frozen=True, slots=True)
class Requested:
    """A run that was promised, or is still going on (`known`)."""

    tenant_id: int
    job_id: int
    known: bool
