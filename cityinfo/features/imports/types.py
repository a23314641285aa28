"""What an import wants, whatever it was read from, and what it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Target:
    """The page that a link leads to, in a language of its own or, when that is empty, in the reader's."""

    page: int
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text as it shall stand here.

    `content` is sanitised, its links are as they came; `targets` names those addresses in it that lead to pages of the
    same import. `where` names file and page for people. `counterparts` are foreign ids of the page's texts in other
    languages.
    """

    where: str
    path: str
    slug: str
    title: str
    content: str
    targets: Mapping[str, Target]
    v3_id: int | None = None
    counterparts: Mapping[str, int] = field(default_factory=dict)
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A page as it shall stand here: its texts by language, the first language first.

    Without a `thumbnail`, not even an empty one, the page keeps its own.
    """

    key: int
    parent: int | None
    texts: Mapping[str, Words]
    thumbnail: str | None = None
    v3_id: int | None = None

    @property
    def where(self) -> str:
        return next(iter(self.texts.values())).where


@dataclass(frozen=True, slots=True, kw_only=True)
class Nowhere:
    """A link to the city's own address space that leads to no page; `instead` is the page it may once have meant."""

    file: str
    page: str
    address: str
    instead: str = ""


@dataclass(slots=True, kw_only=True)
class Findings:
    """What was noticed about the texts: links turned into references, links that lead nowhere, markup taken out.

    `removed` tells for each tag, attribute or class, written as ``p[style]``, how often on which page.
    """

    references: int = 0
    nowhere: list[Nowhere] = field(default_factory=list)
    removed: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything an import wants: pages, parents before children and siblings in their order."""

    languages: Sequence[str]
    pages: Sequence[Planned]
    findings: Findings = field(default_factory=Findings)
    app_url: str = ""


@dataclass(slots=True, kw_only=True)
class Counts:
    """How many were new, how many were changed, how many stayed."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def total(self) -> int:
        return self.created + self.changed + self.unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text about which an editor of this city and the file disagree."""

    where: str
    language: str
    what: str


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import did. `documents` counts published texts that readers see differently now.

    `missing` are public texts of earlier imports that the files no longer have; they stay as they are.
    """

    tenant: str
    nothing_changed: bool = False
    new_tenant: bool = False
    tenant_changed: bool = False
    pages: Counts = field(default_factory=Counts)
    texts: Counts = field(default_factory=Counts)
    documents: int = 0
    findings: Findings = field(default_factory=Findings)
    missing: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
