"""What the followed city says: read at one moment in a unit of work of its own, and only what its readers see.

Published documents would do, but for facts in texts: there they are filled in already, and here they must stay open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from cityinfo.features import commons, content, onboarding, pages, publishing, tenants
from cityinfo.features.commons import Terms
from cityinfo.features.content import MACHINE, Entry, Key, State, Text, Version
from cityinfo.features.media import MediaFile
from cityinfo.features.pages import Page
from cityinfo.features.publishing import Head, Published
from cityinfo.kernel.db import EVERY_TENANT, NO_TENANT, Database, Work
from cityinfo.kernel.listing import portions

from .models import Subscription
from .rules import FOLLOWED, TREE, Place

_AS_GOOD_AS_ITS_SOURCE = (State.UP_TO_DATE, State.MACHINE_MADE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A public text. `last_major` is the newest version that was not marked minor, up to the public one."""

    entry_id: int
    kind: str
    language: str
    title: str
    content: str
    slug: str
    digest: str
    version_id: int
    last_major: int
    made_from: str
    machine_made: bool
    source: str | None  # the language it is translated from there


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A picture or document that texts show, as the store has it."""

    key: str
    name: str
    mime: str
    size: tuple[int, int] | None
    words: Mapping[str, tuple[str, str]]  # title and transcript, by language


@dataclass(slots=True)
class Reading:
    """What is new since a number of the other city's clock. `gone`: texts that readers no longer see.

    `places` are those of its public pages that changed in any way; `whole` says that everything was read, and then
    `all_places` are those of drafts as well, which may have come with cloning. `offered` are the entries that were
    asked for alone and are given to other cities, on which terms; nothing is read of those that are not.
    """

    epoch: int
    seq: int
    whole: bool
    texts: list[Said] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)
    all_places: dict[int, Place] = field(default_factory=dict)
    gone: set[Key] = field(default_factory=set)
    kinds: dict[int, str] = field(default_factory=dict)
    files: dict[int, SharedFile] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)  # of versions that were asked for
    offered: dict[int, Terms] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """From where to read on, in which languages, and versions taken earlier, whose numbers are needed.

    `only` are single entries, where not the whole city is followed.
    """

    epoch: int
    seq: int
    languages: Collection[str]
    versions: Collection[int] = ()
    read_at: datetime | None = None
    only: Collection[int] | None = None


def read(database: Database, source_id: int, asked: Asked) -> Reading | None:
    """What the other city says now and did not say then; None for a city that is gone or archived."""
    with database.unit_of_work(NO_TENANT) as db:
        if tenants.by_id(db, source_id) is None:
            return None
    with database.unit_of_work(source_id) as db:
        epoch, newest = publishing.newest(db)
        whole = asked.epoch != epoch
        found = Reading(epoch=epoch, seq=newest, whole=whole)
        found.kinds = _changed(db, since=0 if whole else asked.seq)
        if not whole and asked.read_at is not None:
            found.kinds |= _saved(db, since=asked.read_at)
        if asked.only is not None:
            found.offered = _offered(db, asked.only)
            found.kinds = {one: kind for one, kind in found.kinds.items() if one in found.offered}
        languages = [one for one in asked.languages if one in tenants.active_languages(db)]
        visible = _visible(db, found.kinds, languages)
        found.texts = list(_said(db, found.kinds, visible))
        found.gone = {(one, language) for one in found.kinds for language in asked.languages} - visible
        found.places = _places(db, {one for one, _ in visible if found.kinds[one] == TREE})
        found.all_places = _places(db, pages.all_ids(db)) if whole else {}
        found.files = _files(db, found.texts, languages)
        found.numbers = _numbers(db, asked.versions)
        return found


def heads(database: Database, cities: Collection[int]) -> dict[int, int]:
    """The number under which each of these cities last published something that can be followed."""
    with database.unit_of_work(EVERY_TENANT, reason="looks which followed cities say something new") as db:
        found: dict[int, int] = {}
        for some in portions(cities):
            which = (Head.tenant_id.in_(some), Head.kind.in_(FOLLOWED))
            found.update(
                db.execute(select(Head.tenant_id, func.max(Head.seq)).where(*which).group_by(Head.tenant_id)).all()
            )
        return found


def users(database: Database, source_id: int, entry_ids: Collection[int]) -> dict[int, int]:
    """How many cities have subscribed to these pages of one. One statement."""
    with database.unit_of_work(EVERY_TENANT, reason="counts who uses what a city offers") as db:
        which = (Subscription.source_id == source_id, Subscription.source_entry_id.in_(entry_ids))
        counted = select(Subscription.source_entry_id, func.count()).where(*which)
        return dict(db.execute(counted.group_by(Subscription.source_entry_id)).all())


def _changed(db: Work, *, since: int) -> dict[int, str]:
    statement = select(Published.entry_id, Published.kind).where(Published.seq > since, Published.kind.in_(FOLLOWED))
    return dict(db.execute(statement.distinct()).all())


def _offered(db: Work, entry_ids: Collection[int]) -> dict[int, Terms]:
    rows = commons.offered(db, entry_ids)
    return {one: Terms(licence=row.licence, attribution=row.attribution) for one, row in rows.items()}


def _saved(db: Work, *, since: datetime) -> dict[int, str]:
    """What has newer public versions, though readers see the same words: translations that were confirmed."""
    statement = (
        select(Text.entry_id, Entry.kind)
        .join(Version, Version.id == Text.public_version_id)
        .join(Entry, Entry.id == Text.entry_id)
        .where(Version.created_at >= since, Entry.kind.in_(FOLLOWED))
    )
    return dict(db.execute(statement.distinct()).all())


def _visible(db: Work, entry_ids: Collection[int], languages: Collection[str]) -> set[Key]:
    """What readers see in words of its own: what stands in for a missing translation is none."""
    found: set[Key] = set()
    for ids in portions(entry_ids):
        shown = publishing.visible(db, ids, languages)
        own = select(Text.entry_id, Text.language).where(Text.entry_id.in_(ids), Text.public_version_id.is_not(None))
        found |= shown & {(entry_id, language) for entry_id, language in db.execute(own)}
    return found


def _said(db: Work, kinds: Mapping[int, str], visible: Collection[Key]) -> Iterator[Said]:
    sources = {language: row.source for language, row in tenants.tree(db).items()}
    states = content.states(db, kinds)
    for ids in portions(kinds):
        rows = list(_public(db, ids))
        digests = {(text.entry_id, text.language): version.digest for text, version, _ in rows}
        majors = _last_majors(db, ids)
        for text, version, slug in rows:
            key, source = (text.entry_id, text.language), sources.get(text.language)
            fresh = states.get(key) in _AS_GOOD_AS_ITS_SOURCE
            if key in visible:
                yield Said(
                    entry_id=text.entry_id,
                    kind=kinds[text.entry_id],
                    language=text.language,
                    title=version.title,
                    content=version.content,
                    slug=slug or "",
                    digest=version.digest,
                    version_id=version.id,
                    last_major=majors.get(text.id, 0),
                    made_from=digests.get((text.entry_id, source or ""), "") if fresh else "",
                    machine_made=version.origin == MACHINE,
                    source=source,
                )


def _last_majors(db: Work, entry_ids: Collection[int]) -> dict[int, int]:
    shown, older = aliased(Version), aliased(Version)
    statement = (
        select(Text.id, func.max(older.number))
        .join(shown, shown.id == Text.public_version_id)
        .join(older, (older.text_id == Text.id) & (older.number <= shown.number) & older.minor.is_(False))
        .where(Text.entry_id.in_(entry_ids))
    )
    return dict(db.execute(statement.group_by(Text.id)).all())


def _public(db: Work, entry_ids: Collection[int]) -> Iterator[tuple[Text, Version, str | None]]:
    address = content.Address
    statement = (
        select(Text, Version, address.slug)
        .join(Version, Version.id == Text.public_version_id)
        .outerjoin(
            address,
            (address.entry_id == Text.entry_id)
            & (address.language == Text.language)
            & (address.role == content.CURRENT),
        )
        .where(Text.entry_id.in_(entry_ids))
        .order_by(Text.entry_id, Text.id)
    )
    yield from db.execute(statement)


def _places(db: Work, page_ids: Collection[int]) -> dict[int, Place]:
    found: dict[int, Place] = {}
    for ids in portions(page_ids):
        rows = db.execute(select(Page.id, Page.parent_id, Page.position).where(Page.id.in_(ids)))
        found.update({page_id: (parent, position) for page_id, parent, position in rows})
    return found


def _files(db: Work, texts: Collection[Said], languages: Collection[str]) -> dict[int, SharedFile]:
    named = {one for said in texts for one in onboarding.references(said.content)}
    found: dict[int, SharedFile] = {}
    for ids in portions(named):
        words: dict[int, dict[str, tuple[str, str]]] = {}
        for text, version, _ in _public(db, ids):
            if text.language in languages:
                words.setdefault(text.entry_id, {})[text.language] = (version.title, version.content)
        for file in db.scalars(select(MediaFile).where(MediaFile.id.in_(ids))):
            size = (file.width, file.height) if file.width and file.height else None
            found[file.id] = SharedFile(file.key, file.name, file.type, size, words.get(file.id, {}))
    return found


def _numbers(db: Work, version_ids: Collection[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for ids in portions(version_ids):
        found.update(
            {row[0]: row[1] for row in db.execute(select(Version.id, Version.number).where(Version.id.in_(ids)))}
        )
    return found
