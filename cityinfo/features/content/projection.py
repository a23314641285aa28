"""What content types share when they compute what the public sees of their entries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from cityinfo.features import tenants
from cityinfo.kernel import html
from cityinfo.kernel.db import Work
from cityinfo.kernel.listing import portions

from . import addresses
from .models import CURRENT, FORMER, RETURNING, Address, Entry, Text, Version
from .types import Document, Projection

Key = tuple[int, str]  # entry and language


@dataclass(frozen=True, slots=True)
class PublicText:
    """A text that is public by itself."""

    text_id: int
    v3_id: int | None
    version_id: int

    @property
    def number(self) -> int:
        """Under which readers' apps know the text."""
        return self.v3_id or self.text_id


class ShownVersion(NamedTuple):
    """What documents say of a version."""

    title: str
    content: str
    origin: str
    changed_at: datetime


class Words:
    """What readers are shown of entries that stand in no tree: in each language their own text, or one that stands in.

    `falls_back` says whether an entry may be shown in a language it is not written in; then the nearest source of that
    language stands in. Archived entries and those of a kind that the city has switched off have no words. `bodies` are
    made for `languages`, the rest covers all `active`.
    """

    def __init__(
        self,
        db: Work,
        entry_ids: Collection[int],
        active: Collection[str],
        languages: Collection[str],
        *,
        falls_back: Callable[[int], bool],
    ) -> None:
        self.entries = _entries(db, entry_ids)
        self._texts = public_texts(db, self.entries, active)
        self._slugs, self._former = slugs(db, self.entries)
        self._sources = {language: nearest_sources(db, language) for language in active}
        self.written = dict(self._shown(active, falls_back))
        borrowed = {self._slugs[written] for key, written in self.written.items() if key != written}
        self._holders = addresses.holders(db, borrowed, active) if borrowed else {}
        wanted = [key for key in self.written if key[1] in languages]
        self._versions = shown_versions(db, {self._texts[self.written[key]].version_id for key in wanted})
        self.keys: list[Key] = wanted
        self.due = due(db, entry_ids)

    def body(self, key: Key) -> dict[str, Any]:
        """What documents of every type say about words."""
        entry_id, language = key
        entry, written = self.entries[entry_id], self.written[key]
        text, version = self._texts[written], self.version(key)
        changed_at = max(moment for moment in (version.changed_at, entry.changed_at) if moment)
        return {
            "id": entry_id,
            "kind": entry.kind,
            "language": language,
            "delivered_language": written[1],
            "slug": self.slug(key),
            "title": version.title,
            "content": version.content,
            "excerpt": html.excerpt(version.content),
            "changed_at": changed_at.isoformat(timespec="milliseconds"),
            "origin": version.origin,
            "v3": {"id": text.number, "entry_id": entry.v3_id or entry_id},
        }

    def slug(self, key: Key) -> str:
        """Under which it is read in this language, where no other entry of its kind is.

        Where a text stands in, its slug may be another entry's own one, or that of another one that stands in.
        """
        entry_id, written = key[0], self.written[key]
        slug = self._slugs[written]
        if written == key:
            return slug
        others = self._holders.get((self.entries[entry_id].kind, slug), ())
        is_shared = any(other != entry_id and language != written[1] for other, language in others)
        return addresses.standing_in(slug, entry_id) if is_shared else slug

    def version(self, key: Key) -> ShownVersion:
        """The version whose words are shown."""
        return self._versions[self._texts[self.written[key]].version_id]

    def outlines(self) -> dict[int, dict[str, Any]]:
        """Where the entries stand: nowhere but under their own slugs."""
        found: dict[int, dict[str, Any]] = {}
        for (entry_id, language), written in self.written.items():
            new = {"id": entry_id, "kind": self.entries[entry_id].kind, "parent": None, "texts": {}}
            text: dict[str, Any] = {"slug": self.slug((entry_id, language)), "v3_id": self._texts[written].number}
            text |= {"former": former} if (former := self._former.get(written)) else {}
            text |= {"written_in": written[1]} if written[1] != language else {}
            found.setdefault(entry_id, new)["texts"][language] = text
        return found

    def projection(self, facts: Callable[[Key], Mapping[str, Any]]) -> Projection:
        """Documents that say about words what all say, and besides it what `facts` says."""
        documents = [Document(*key, {**self.body(key), **facts(key)}) for key in self.keys]
        return Projection(documents, self.outlines(), self.due)

    def _shown(self, active: Collection[str], falls_back: Callable[[int], bool]) -> Iterable[tuple[Key, Key]]:
        for entry_id in self.entries:
            for language in active:
                others = self._sources[language] if falls_back(entry_id) else ()
                written = next((one for one in (language, *others) if (entry_id, one) in self._texts), None)
                if written is not None:
                    yield (entry_id, language), (entry_id, written)


def falls_back(db: Work) -> Callable[[int], bool]:
    """Whether this city shows what is missing in a language in the one it would be translated from."""
    always = tenants.offers(db, "fallback")
    return lambda _: always


def all_fall_back(_db: Work, entry_ids: Collection[int]) -> Collection[int]:
    """For types whose entries are always shown in the nearest language there is."""
    return entry_ids


def where_wanted(db: Work, entry_ids: Collection[int]) -> Collection[int]:
    """The same where the city wants it so."""
    return entry_ids if tenants.offers(db, "fallback") else ()


def public_texts(db: Work, entry_ids: Collection[int], languages: Collection[str]) -> dict[Key, PublicText]:
    found: dict[Key, PublicText] = {}
    for ids in portions(entry_ids):
        rows = db.execute(
            select(Text.entry_id, Text.language, Text.id, Text.v3_id, Text.public_version_id).where(
                Text.entry_id.in_(ids), Text.public_version_id.is_not(None), Text.language.in_(languages)
            )
        )
        for entry_id, language, text_id, v3_id, version_id in rows:
            found[entry_id, language] = PublicText(text_id, v3_id, version_id or 0)
    return found


def slugs(db: Work, entry_ids: Collection[int]) -> tuple[dict[Key, str], dict[Key, list[str]]]:
    """The slugs readers use, and those that lead on to them."""
    current: dict[Key, str] = {}
    former: dict[Key, list[str]] = {}
    columns = (Address.entry_id, Address.language, Address.role, Address.slug)
    for ids in portions(entry_ids):
        statement = select(*columns).where(Address.entry_id.in_(ids)).order_by(Address.slug)
        for entry_id, language, role, slug in db.execute(statement):
            if role == CURRENT:
                current[entry_id, language] = slug
            elif role in (FORMER, RETURNING):
                former.setdefault((entry_id, language), []).append(slug)
    return current, former


def shown_versions(db: Work, version_ids: Collection[int]) -> dict[int, ShownVersion]:
    """As tuples: of a whole city there are too many to make objects of."""
    found: dict[int, ShownVersion] = {}
    columns = (Version.id, Version.title, Version.content, Version.origin, Version.changed_at)
    for ids in portions(version_ids):
        rows = db.execute(select(*columns).where(Version.id.in_(ids)))
        found.update({row[0]: ShownVersion(*row[1:]) for row in rows})
    return found


def versions(db: Work, version_ids: Collection[int]) -> dict[int, Version]:
    found: dict[int, Version] = {}
    for ids in portions(version_ids):
        found.update({row.id: row for row in db.scalars(select(Version).where(Version.id.in_(ids)))})
    return found


def due(db: Work, entry_ids: Collection[int]) -> dict[int, set[datetime]]:
    """The moments at which texts are published or taken offline by themselves."""
    found: dict[int, set[datetime]] = {}
    for ids in portions(entry_ids):
        rows = db.execute(
            select(Text.entry_id, Text.publish_at, Text.offline_at).where(
                Text.entry_id.in_(ids), or_(Text.publish_at.is_not(None), Text.offline_at.is_not(None))
            )
        )
        for entry_id, *moments in rows:
            found.setdefault(entry_id, set()).update(moment for moment in moments if moment)
    return found


def _entries(db: Work, entry_ids: Collection[int]) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    hidden = tenants.hidden_kinds(db)
    for ids in portions(sorted(entry_ids)):
        public = Entry.archived_at.is_(None), Entry.kind.not_in(hidden)
        rows = db.scalars(select(Entry).where(Entry.id.in_(ids), *public))
        found.update({row.id: row for row in rows})
    return found


def nearest_sources(db: Work, language: str) -> list[str]:
    """The languages from which a language is translated, nearest first; none for one the city never had."""
    sources = {slug: row.source for slug, row in tenants.tree(db).items()}
    found: list[str] = []
    source = sources.get(language)
    while source is not None and source not in found:
        found.append(source)
        source = sources.get(source)
    return found
