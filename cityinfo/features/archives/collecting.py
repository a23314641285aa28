"""A tenant as an archive: read in one unit of work, everything by name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from sqlalchemy import select

from cityinfo.features import accounts, content, events, media, pages, tenants
from cityinfo.features.content import Address, Entry, Version
from cityinfo.features.media import Library
from cityinfo.kernel.db import NO_TENANT, Database, Work

from . import markup, naming, settings
from .kinds import KINDS, as_link
from .plain import to_plain
from .requested import VERSIONS
from .types import DRAFT, OLDER, PUBLIC, Archive, Item, Text, Words

Key = tuple[int, str]  # entry and language


class Bytes(Protocol):
    """Where the bytes of files are."""

    def get(self, key: str) -> bytes: ...


def collect(library: Library, slug: str, requested: Collection[str] = ()) -> Archive:
    """Everything a tenant, closed or not, has now, and what was asked for; `NotFound` when there is no such one."""
    with library.database.unit_of_work(NO_TENANT) as db:
        tenant_id = (tenants.at(db, slug) or tenants.find(db, slug)).id
    return collect_city(library.database, library.store, tenant_id, requested)


def collect_city(database: Database, store: Bytes, tenant_id: int, requested: Collection[str] = ()) -> Archive:
    """The same of a tenant that is known by its number."""
    with database.unit_of_work(tenant_id) as db:
        names = _Names(db)
        texts = _Texts(db, names, with_versions=VERSIONS in requested)
        return Archive(
            tenant=tenants.facts_of(db),
            languages=tenants.language_choices(tenants.tree(db)),
            items=[_item(db, entry, names, texts) for entry in names.entries],
            settings=settings.collect(db, names.of, requested),
            bytes_of=lambda name: store.get(f"{tenant_id}/{name}"),
        )


def _item(db: Work, entry: Entry, names: _Names, texts: _Texts) -> Item:
    kind = KINDS[entry.kind]
    naming_of = dict.fromkeys(kind.references, names.of)
    return Item(
        kind=entry.kind,
        name=names.of(entry.id),
        facts=to_plain(kind.read(db, entry.id), naming_of),
        texts=texts.of(entry),
        archived=entry.archived_at is not None,
        id_v3=entry.v3_id,
    )


class _Names:
    """What every entry is called; `entries` in the order in which an archive has them."""

    def __init__(self, db: Work) -> None:
        tree, kinds = pages.tree(db), list(KINDS)
        self._parents = _parents(db, tree)
        order = {page.id: place for place, page in enumerate(tree)}
        found = content.entries_of(db, KINDS)
        self.entries = sorted(found, key=lambda one: (kinds.index(one.kind), order.get(one.id, one.id)))
        self._names: dict[int, str] = {}
        self._kinds = {entry.id: entry.kind for entry in self.entries}
        slugs = _first_slugs(db)
        taken: dict[tuple[str, int | None], set[str]] = {}
        for entry in sorted(self.entries, key=lambda one: not one.name):  # those that have names keep them
            siblings = taken.setdefault((entry.kind, self._parents.get(entry.id)), set())
            otherwise = slugs.get(entry.id, "")
            name = naming.free(entry.name or naming.made_of(otherwise, otherwise=entry.kind), siblings)
            siblings.add(name)
            self._names[entry.id] = name

    def of(self, entry_id: int) -> str:
        """The whole name: that of what it belongs to, if there is something, and its own."""
        parent = self._parents.get(entry_id)
        return f"{self.of(parent)}/{self._names[entry_id]}" if parent else self._names[entry_id]

    def link(self, entry_id: int) -> str:
        """As links name it."""
        return as_link(self._kinds[entry_id], self.of(entry_id))


def _parents(db: Work, tree: Sequence[pages.Node]) -> dict[int, int | None]:
    above: dict[int, int | None] = {node.id: node.parent_id for node in tree}
    occurrences = db.execute(select(events.ChangedOccurrence.id, events.ChangedOccurrence.event_id))
    return above | {row.id: row.event_id for row in occurrences}


def _first_slugs(db: Work) -> dict[int, str]:
    """What names are made of: an occurrence's date, the name of a file, else the address in the first language."""
    order = {language: place for place, language in enumerate(tenants.tree(db))}
    rows = db.scalars(select(Address).where(Address.role != content.FORMER)).all()
    rows = sorted(rows, key=lambda row: (order.get(row.language, len(order)), row.role))
    found = {row.entry_id: row.slug for row in reversed(rows)}
    found |= {row.id: row.name.rpartition(".")[0] for row in db.scalars(select(media.MediaFile))}
    return found | {row.id: row.recurrence_id[:16] for row in db.scalars(select(events.ChangedOccurrence))}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Addresses:
    slug: str = ""
    new_slug: str = ""
    former: Sequence[str] = ()


class _Texts:
    """The texts of all entries, read in a fixed number of statements for every 500."""

    def __init__(self, db: Work, names: _Names, *, with_versions: bool) -> None:
        self._names = names
        self._people = accounts.names(db) if with_versions else None
        self._history = _history(db) if with_versions else {}
        self._known = {entry.id for entry in names.entries}
        rows = db.scalars(select(content.Text)).all()
        self._rows: dict[Key, content.Text] = {(row.entry_id, row.language): row for row in rows}
        wanted = {one for row in rows for one in (row.current_version_id, row.public_version_id) if one is not None}
        self._versions: Mapping[int, Version] = content.versions_by_id(db, wanted)
        self._addresses = _addresses(db)
        self._keywords = content.keywords_of(db, {row.entry_id for row in rows})
        self._sources = {language: row.source for language, row in tenants.tree(db).items()}

    def of(self, entry: Entry) -> dict[str, Text]:
        """By language, in the order of the language tree."""
        found = ((language, self._rows.get((entry.id, language))) for language in self._sources)
        return {language: self._text(row) for language, row in found if row is not None and row.current_version_id}

    def _text(self, row: content.Text) -> Text:
        key = (row.entry_id, row.language)
        addresses = self._addresses.get(key, _Addresses())
        has_draft = row.current_version_id != row.public_version_id
        earlier, between = self._past(row)
        return Text(
            earlier=earlier,
            between=between,
            public=self._words(row, row.public_version_id) if row.public_version_id else None,
            draft=self._words(row, row.current_version_id) if has_draft and row.current_version_id else None,
            slug=addresses.slug,
            new_slug=addresses.new_slug,
            former=addresses.former,
            keywords=self._keywords.get(key, ()),
            id_v3=row.v3_id,
            publish_at=row.publish_at,
            offline_at=row.offline_at,
        )

    def _past(self, row: content.Text) -> tuple[list[Words], list[Words]]:
        """Versions from before what readers see, and from then on, without those that the next one only repeats."""
        versions = self._history.get(row.id, [])
        public = next((one.number for one in versions if one.id == row.public_version_id), None)
        earlier, between = list[Words](), list[Words]()
        for one, after in pairwise(versions):
            repeated = (one.title, one.content) == (after.title, after.content)
            if one.id != row.public_version_id and not repeated:
                (earlier if public is None or one.number < public else between).append(self._past_words(one))
        return earlier, between

    def _past_words(self, version: Version) -> Words:
        return Words(
            title=version.title,
            content=markup.rewritten(markup.without_lost(version.content, self._known), self._name),
            changed=version.changed_at,
            by_machine=version.origin == content.MACHINE,
            minor=version.minor,
            **self._saved(version),
        )

    def _saved(self, version: Version) -> dict[str, Any]:
        """Who and when, where it was asked for. Whoever is gone stays somebody: numbers of people are of a service."""
        if self._people is None:
            return {}
        kind = version.author.partition(":")[0]
        name = self._people.get(version.author, kind if kind == accounts.PERSON else version.author)
        return {"author": name, "saved": version.created_at}

    def _words(self, row: content.Text, version_id: int) -> Words:
        version = self._versions[version_id]
        return Words(
            title=version.title,
            content=markup.rewritten(version.content, self._name),
            changed=version.changed_at,
            based_on=self._based_on(row, version),
            by_machine=version.origin == content.MACHINE,
            minor=version.minor
            and row.public_version_id not in (None, version_id),  # to readers, a first one is all new
            **self._saved(version),
        )

    def _name(self, kind: str, address: str) -> str:
        if kind != markup.ANY:
            return self._names.of(int(address))
        entry_id, language = markup.apart(address, "/")
        return self._names.link(int(entry_id)) + (f"#{language}" if language else "")

    def _based_on(self, row: content.Text, version: Version) -> str:
        source = self._rows.get((row.entry_id, self._sources[row.language] or ""))
        if source is None or source.current_version_id is None:
            return ""
        if version.based_on_id == source.public_version_id and source.public_version_id:
            return PUBLIC
        if version.based_on_id == source.current_version_id:
            return DRAFT
        outdated = row.state == content.State.OUTDATED or version.based_on_id is None
        return OLDER if outdated else (PUBLIC if source.public_version_id else DRAFT)


def _history(db: Work) -> dict[int, list[Version]]:
    """All versions of all texts, the first one first."""
    found: dict[int, list[Version]] = {}
    for one in db.scalars(select(Version).order_by(Version.text_id, Version.number)):
        found.setdefault(one.text_id, []).append(one)
    return found


def _addresses(db: Work) -> dict[Key, _Addresses]:
    rows: dict[Key, list[Address]] = {}
    for row in content.every_address(db):
        rows.setdefault((row.entry_id, row.language), []).append(row)
    return {key: _grouped(some) for key, some in rows.items()}


def _grouped(rows: Sequence[Address]) -> _Addresses:
    def having(*roles: str) -> Iterator[str]:
        return (row.slug for row in rows if row.role in roles)

    return _Addresses(
        slug=next(having(content.CURRENT), ""),
        new_slug=next(having(content.RESERVED, content.RETURNING), ""),
        former=tuple(having(content.FORMER)),
    )
