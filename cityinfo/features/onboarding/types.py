"""What is asked for, what would become of it, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self


class Outcome(StrEnum):
    """What becomes of something that leads to what stays behind."""

    WORDS = "keeps its words without the link"
    GONE = "is left out of the text"
    DROPPED = "is dropped"
    FOLLOWS = "follows the reader's language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What of a city comes along. Empty `languages` or `kinds` mean all; `below` names the page that, with all below
    it, comes alone; `drafts` lets everything come unpublished."""

    languages: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    below: int | None = None
    drafts: bool = False

    def plain(self) -> dict[str, Any]:
        """As a table keeps them."""
        return {**asdict(self), "languages": sorted(self.languages), "kinds": sorted(self.kinds)}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """What `plain` has written."""
        sets = {name: frozenset(plain[name]) for name in ("languages", "kinds")}
        return cls(**{**plain, **sets})


@dataclass(frozen=True, slots=True, kw_only=True)
class CityDraft:
    """What is new of a new city; everything else it has from its source."""

    slug: str
    name: str
    prefix: str = ""
    official_key: str = ""
    postal_codes: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that comes and leads to something that does not: a link, a card, a relation, a mirror."""

    entry_id: int | None
    role: str
    target_id: int
    outcome: Outcome


@dataclass(slots=True)
class Plan:
    """What would come, by kind of entry and by table, what stays behind and why, and what is lost between the two."""

    source: str
    languages: list[str]
    entries: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)  # by language
    rows: Counter[str] = field(default_factory=Counter)
    files: int = 0
    bytes: int = 0
    left: Counter[tuple[str, str]] = field(default_factory=Counter)  # kind and reason
    conflicts: list[Conflict] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)  # of what conflicts name


@dataclass(frozen=True, slots=True)
class Requested:
    """A clone that was asked for, now or `known` from before under the same key."""

    tenant_id: int
    job_id: int
    known: bool
