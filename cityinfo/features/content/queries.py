"""Reading entries, texts and what stands behind them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import defer

from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from . import rules
from .models import FORMER, LINK, Address, Autosave, Entry, Reference, Relation, Text, Version


def find_entry(db: Work, entry_id: int, kind: str | None = None) -> Entry:
    """The entry; `NotFound` when there is none of this kind."""
    entry = db.get(Entry, (db.tenant_id, entry_id))
    if entry is None or kind not in (None, entry.kind):
        raise NotFound("entry.unknown", rules.no_such(kind, entry_id))
    return entry


def state(db: Work, entry: Entry, *parts: object) -> str:
    """Digest of what stands beside an entry's words: the entry, what it is related to and, in `parts`, the rows and
    values its type keeps of it."""
    related = select(Relation.role, Relation.position, Relation.to_entry_id).where(Relation.entry_id == entry.id)
    rows = db.execute(related.order_by(Relation.role, Relation.position)).all()
    return digest(entry.id, entry.kind, entry.v3_id, entry.archived_at, [tuple(row) for row in rows], *parts)


def entries_of(db: Work, kinds: Collection[str]) -> Sequence[Entry]:
    """Every entry of these kinds, archived ones included, in the order in which they came."""
    return db.scalars(select(Entry).where(Entry.kind.in_(kinds)).order_by(Entry.id)).all()


def every_address(db: Work) -> Sequence[Address]:
    """Every slug of the tenant with whom it leads to, those that lead on included."""
    return db.scalars(select(Address).order_by(Address.slug)).all()


def text_by_id(db: Work, text_id: int) -> Text:
    """The text with this identity; `NotFound` when there is none."""
    text = db.get(Text, (db.tenant_id, text_id))
    if text is None:
        raise NotFound("text.unknown", "There is no such text.")
    return text


def find_text(db: Work, entry_id: int, language: str) -> Text:
    """The entry's text in a language; `NotFound` when nobody has written one."""
    text = text_of(db, entry_id, language)
    if text is None:
        raise NotFound(
            "text.unknown", say("Entry {entry_id} has no text in {language}.", entry_id=entry_id, language=language)
        )
    return text


def text_of(db: Work, entry_id: int, language: str) -> Text | None:
    return db.scalar(select(Text).where(Text.entry_id == entry_id, Text.language == language))


def texts(db: Work, entry_id: int) -> Sequence[Text]:
    """Every text of an entry, whatever its language."""
    return db.scalars(select(Text).where(Text.entry_id == entry_id).order_by(Text.language)).all()


def titles(db: Work, entry_id: int) -> dict[str, str]:
    """The newest title of an entry in every language it is written in."""
    return titles_of(db, [entry_id]).get(entry_id, {})


def titles_of(db: Work, entry_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """The same of several entries. One statement for every 500."""
    statement = select(Text.entry_id, Text.language, Version.title)
    statement = statement.join(Version, Version.id == Text.current_version_id).order_by(Text.language)
    found: dict[int, dict[str, str]] = {}
    for ids in portions(entry_ids):
        for entry_id, language, title in db.execute(statement.where(Text.entry_id.in_(ids))):
            found.setdefault(entry_id, {})[language] = title
    return found


def titles_of_kind(db: Work, kind: str, language: str) -> dict[int, dict[str, str]]:
    """The title in this language of each entry of a kind that has one, all titles of the others. Two statements."""
    statement = (
        select(Text.entry_id, Text.language, Version.title)
        .join(Version, Version.id == Text.current_version_id)
        .join(Entry, Entry.id == Text.entry_id)
        .where(Entry.kind == kind)
    )
    there = select(Text.entry_id).where(Text.language == language)
    found: dict[int, dict[str, str]] = {}
    for which in (Text.language == language, Text.entry_id.not_in(there)):
        for entry_id, spoken, title in db.execute(statement.where(which).order_by(Text.language)):
            found.setdefault(entry_id, {})[spoken] = title
    return found


def is_public(db: Work, entry_id: int) -> bool:
    """Whether readers see any text of the entry."""
    statement = select(Text.id).where(Text.entry_id == entry_id, Text.public_version_id.is_not(None))
    return db.scalar(statement.limit(1)) is not None


def version(db: Work, version_id: int | None) -> Version | None:
    return None if version_id is None else db.get(Version, (db.tenant_id, version_id))


def versions(db: Work, entry_id: int, language: str) -> Sequence[Version]:
    """All versions of a text, newest first."""
    statement = select(Version).join(Text, Text.id == Version.text_id)
    return db.scalars(
        statement.where(Text.entry_id == entry_id, Text.language == language).order_by(Version.number.desc())
    ).all()


def version_heads(db: Work, entry_id: int, language: str) -> Sequence[Version]:
    """The same without the words, which are most of what there is to read."""
    statement = select(Version).join(Text, Text.id == Version.text_id).options(defer(Version.content))
    return db.scalars(
        statement.where(Text.entry_id == entry_id, Text.language == language).order_by(Version.number.desc())
    ).all()


def addresses(db: Work, entry_ids: Collection[int]) -> list[Address]:
    """Every slug these entries have or had."""
    found: list[Address] = []
    for ids in portions(entry_ids):
        found += db.scalars(select(Address).where(Address.entry_id.in_(ids)).order_by(Address.slug))
    return found


def entry_at(db: Work, kind: str, language: str, slug: str) -> int | None:
    """The entry that has this slug or waits to have it."""
    return db.scalar(
        select(Address.entry_id).where(
            Address.kind == kind, Address.language == language, Address.slug == slug, Address.role != FORMER
        )
    )


def is_free(db: Work, kind: str, language: str, slug: str) -> bool:
    """Whether a slug leads to nothing here, and never did."""
    which = (Address.kind == kind, Address.language == language, Address.slug == slug)
    return db.scalar(select(Address.entry_id).where(*which)) is None


def slug_of(db: Work, entry_id: int, language: str) -> str | None:
    """The slug an editor sees: the one waiting for publication before the one readers use."""
    rows = db.scalars(
        select(Address).where(Address.entry_id == entry_id, Address.language == language, Address.role != FORMER)
    ).all()
    return max(rows, key=lambda row: row.role).slug if rows else None  # "reserved" > "current"


def slugs_of(db: Work, entry_id: int) -> dict[str, str]:
    """The same in every language."""
    rows = db.scalars(select(Address).where(Address.entry_id == entry_id, Address.role != FORMER))
    found: dict[str, Address] = {}
    for row in sorted(rows, key=lambda row: row.role):  # "reserved" > "current"
        found[row.language] = row
    return {language: row.slug for language, row in found.items()}


def autosave_of(db: Work, entry_id: int, language: str, author: Actor) -> Autosave | None:
    """Someone's own words for a text that are no version."""
    return db.get(Autosave, (db.tenant_id, entry_id, language, str(author)))


def writing_now(db: Work, entry_id: int, language: str, *, since: datetime) -> Sequence[str]:
    """Who has typed in this text since then without saving it, the latest first."""
    statement = select(Autosave.author).where(Autosave.entry_id == entry_id, Autosave.language == language)
    return db.scalars(statement.where(Autosave.saved_at >= since).order_by(Autosave.saved_at.desc())).all()


def uses(db: Work, entry_id: int) -> list[tuple[str, int, str]]:
    """Where an entry is named: kind, entry and role of everything that leads to it or shows it. Two statements."""
    found: set[tuple[str, int, str]] = set()
    for table in (Reference, Relation):
        statement = select(Entry.kind, Entry.id, table.role).join(Entry, Entry.id == table.entry_id)
        rows = db.execute(statement.where(table.to_entry_id == entry_id, table.entry_id != entry_id))
        found |= {(kind, user, role) for kind, user, role in rows}
    return sorted(found)


def referring(db: Work, entry_id: int) -> Sequence[int]:
    """Entries whose current or public text leads to or shows this one, or that are related to it; itself aside."""
    texts = select(Reference.entry_id).where(Reference.to_entry_id == entry_id)
    entries = select(Relation.entry_id).where(Relation.to_entry_id == entry_id)
    return sorted({*db.scalars(texts), *db.scalars(entries)} - {entry_id})


def related(db: Work, entry_ids: Collection[int], role: str) -> dict[int, list[int]]:
    """What these entries are related to in a role, in order."""
    found: dict[int, list[int]] = {}
    for ids in portions(entry_ids):
        rows = db.execute(
            select(Relation.entry_id, Relation.to_entry_id)
            .where(Relation.entry_id.in_(ids), Relation.role == role)
            .order_by(Relation.entry_id, Relation.position)
        )
        for entry_id, to_entry_id in rows:
            found.setdefault(entry_id, []).append(to_entry_id)
    return found


def relating(db: Work, entry_ids: Collection[int], role: str) -> dict[int, list[int]]:
    """The other way round: which entries are related to these in a role, oldest first."""
    found: dict[int, list[int]] = {}
    for ids in portions(entry_ids):
        rows = db.execute(
            select(Relation.to_entry_id, Relation.entry_id)
            .where(Relation.to_entry_id.in_(ids), Relation.role == role)
            .order_by(Relation.entry_id)
        )
        for to_entry_id, entry_id in rows:
            found.setdefault(to_entry_id, []).append(entry_id)
    return found


def showing(db: Work, entry_ids: Collection[int]) -> dict[str, set[int]]:
    """Entries, by kind, that may show something of these, and what shows those in turn. Two statements a level."""
    found: dict[str, set[int]] = {}
    known, level = set(entry_ids), set(entry_ids)
    while level:
        above = {(kind, entry_id) for ids in portions(level) for kind, entry_id in _show(db, ids)}
        level = {entry_id for _, entry_id in above} - known
        known |= level
        for kind, entry_id in above:
            found.setdefault(kind, set()).add(entry_id)
    return found


def _show(db: Work, entry_ids: Collection[int]) -> Sequence[tuple[str, int]]:
    texts = (
        select(Entry.kind, Entry.id)
        .join(Reference, Reference.entry_id == Entry.id)
        .where(Reference.to_entry_id.in_(entry_ids), Reference.role != LINK)
    )
    entries = (
        select(Entry.kind, Entry.id)
        .join(Relation, Relation.entry_id == Entry.id)
        .where(Relation.to_entry_id.in_(entry_ids))
    )
    return [(row.kind, row.id) for statement in (texts, entries) for row in db.execute(statement)]
