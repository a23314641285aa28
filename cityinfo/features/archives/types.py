"""A tenant as an archive has it: everything by name, nothing by number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cityinfo.features.tenants import LanguageChoice, TenantDraft

# What a translation was made from: its source as readers see it, as editors have it, or as it was before.
PUBLIC, DRAFT, OLDER = "public", "draft", "older"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a text says in one version. Entries it names are written ``entry:pages/health``, ``media:town-hall``.

    Without `based_on` a translation was made from its source as that was when these words came. Who saved them and when
    is said only on request.
    """

    title: str
    content: str = ""
    changed: datetime | None = None
    based_on: str = ""
    by_machine: bool = False
    minor: bool = False
    author: str = ""
    saved: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An entry's words in a language: those that readers see, and those that shall replace them.

    `slug` is that of what readers see; one that waits for publication is `new_slug`. `former` ones lead here too. On
    request, `earlier` are the words from before what readers see, `between` those from then until the draft.
    """

    public: Words | None = None
    draft: Words | None = None
    slug: str = ""
    new_slug: str = ""
    former: Sequence[str] = ()
    keywords: Sequence[str] = ()
    id_v3: int | None = None
    publish_at: datetime | None = None
    offline_at: datetime | None = None
    where: str = ""
    earlier: Sequence[Words] = ()
    between: Sequence[Words] = ()

    @property
    def newest(self) -> Words:
        """What editors have."""
        words = self.draft or self.public
        if words is None:
            raise LookupError("A text says something, in public or as a draft.")
        return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry. `facts` are what its kind says of it, as TOML has them; `where` is what people call its place.

    `name` is unique within its kind; that of what belongs to another entry begins with that entry's name.
    """

    kind: str
    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)
    archived: bool = False
    id_v3: int | None = None
    where: str = ""

    @property
    def parent(self) -> str:
        """The name of what it belongs to, empty when it stands by itself."""
        return self.name.rpartition("/")[0]

    @property
    def last_name(self) -> str:
        return self.name.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something a person should know about one place of the archive."""

    where: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A whole tenant. Of a kind, parents come before children, and siblings in their order.

    `settings` are what the city decided beside its public facts, by part. `bytes_of` gives what a file consists of.
    `notes` tell what was read otherwise than it was written.
    """

    tenant: TenantDraft
    languages: Sequence[LanguageChoice]
    items: Sequence[Item]
    settings: Mapping[str, Any] = field(default_factory=dict)
    bytes_of: Callable[[str], bytes]
    notes: Sequence[Note] = ()

    def of_kind(self, kind: str) -> list[Item]:
        return [item for item in self.items if item.kind == kind]


@dataclass(slots=True, kw_only=True)
class Counts:
    """How many are new, are changed, and stay."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def count(self, *, is_new: bool, is_changed: bool) -> None:
        """One more of them."""
        self.created += is_new
        self.changed += is_changed and not is_new
        self.unchanged += not is_new and not is_changed


@dataclass(slots=True, kw_only=True)
class Report:
    """What applying an archive did, or would do. `missing` are entries here that the archive does not have."""

    tenant: str
    new_tenant: bool = False
    nothing_changed: bool = False
    tenant_changed: bool = False
    entries: dict[str, Counts] = field(default_factory=dict)
    texts: Counts = field(default_factory=Counts)
    documents: int = 0
    missing: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
