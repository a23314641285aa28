"""The words editors find texts by: those of the newest version, whether readers see it or not, its body included."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from cityinfo.kernel import html
from cityinfo.kernel.db import EVERY_TENANT, Database, Work

from .facts import TextSaved
from .models import Entry, Text, TextWords, Version

AT_ONCE = 200
# What people write between the digits of a number: 0821 324-0, (0821) 3240.
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s()/.–-]+(?=\d)")


def normal(words: str) -> str:
    """Without case, with white space in one form and every number in one piece."""
    return _BETWEEN_DIGITS.sub("", " ".join(words.casefold().split()))


def keep_words(db: Work, facts: Sequence[TextSaved]) -> None:
    """Note the words of texts that have a new version."""
    _note(db, {fact.entry_id for fact in facts})


def entries_saying(db: Work, kind: str, wanted: str, *, language: str = "") -> list[int]:
    """Entries of a kind in whose newest texts this stands, those with it in a title first. One statement."""
    needle = normal(wanted)
    in_title = TextWords.title.contains(needle, autoescape=True)
    statement = select(TextWords.entry_id, in_title).where(
        TextWords.kind == kind, in_title | TextWords.words.contains(needle, autoescape=True)
    )
    if language:
        statement = statement.where(TextWords.language == language)
    ranks: dict[int, bool] = {}
    for entry_id, title in db.execute(statement.order_by(TextWords.entry_id)):
        ranks[entry_id] = ranks.get(entry_id, False) or title
    return sorted(ranks, key=lambda entry_id: not ranks[entry_id])


def where_said(entry_id: InstrumentedAttribute[int], kind: str, wanted: str) -> ColumnElement[bool]:
    """The same as a condition of another statement: whether this stands in a newest text of the entry."""
    needle = normal(wanted)
    said = TextWords.title.contains(needle, autoescape=True) | TextWords.words.contains(needle, autoescape=True)
    return entry_id.in_(select(TextWords.entry_id).where(TextWords.kind == kind, said))


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that a link can lead to, with the title it was found by."""

    id: int
    kind: str
    title: str
    language: str


def titles_saying(db: Work, kinds: Collection[str], wanted: str, *, language: str, most: int = 20) -> list[Found]:
    """Entries of these kinds with this in a newest title, in this language where they have it. One statement."""
    statement = (
        select(Entry.id, Entry.kind, Version.title, TextWords.language)
        .join(Entry, Entry.id == TextWords.entry_id)
        .join(Text, Text.id == TextWords.text_id)
        .join(Version, Version.id == Text.current_version_id)
        .where(TextWords.kind.in_(kinds), TextWords.title.contains(normal(wanted), autoescape=True))
        .where(Entry.archived_at.is_(None))
        .order_by(TextWords.language != language, func.length(Version.title), Entry.id)
    )
    found: dict[int, Found] = {}
    for row in db.execute(statement.limit(most * 4)):
        found.setdefault(row.id, Found(*row))
    return list(found.values())[:most]


def texts_saying(
    db: Work, kinds: Collection[str], wanted: str, *, language: str = "", after: int, most: int
) -> list[tuple[Text, str, Version]]:
    """Texts in whose newest version this stands, case aside, each with its kind; those behind a text. One statement."""
    needle = normal(wanted)
    statement = (
        select(Text, TextWords.kind, Version)
        .join(TextWords, TextWords.text_id == Text.id)
        .join(Version, Version.id == Text.current_version_id)
        .join(Entry, Entry.id == Text.entry_id)
        .where(TextWords.kind.in_(kinds), Entry.archived_at.is_(None), Text.id > after)
        .where(TextWords.title.contains(needle, autoescape=True) | TextWords.words.contains(needle, autoescape=True))
        .order_by(Text.id)
    )
    if language:
        statement = statement.where(TextWords.language == language)
    return [(text, kind, version) for text, kind, version in db.execute(statement.limit(most))]


def complete_words(database: Database) -> int:
    """Note the words of texts that were saved before words were noted; returns how many texts that were."""
    with database.unit_of_work(EVERY_TENANT, reason="looks for texts whose words are not noted") as db:
        missing = select(Text.tenant_id, Text.entry_id).outerjoin(TextWords, TextWords.text_id == Text.id)
        rows = db.execute(missing.where(TextWords.text_id.is_(None), Text.current_version_id.is_not(None))).all()
    for start in range(0, len(rows), AT_ONCE):
        _complete(database, rows[start : start + AT_ONCE])
    return len(rows)


def _complete(database: Database, rows: Sequence[tuple[int, int]]) -> None:
    for tenant_id in {tenant_id for tenant_id, _ in rows}:
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            _note(db, {entry_id for owner, entry_id in rows if owner == tenant_id})


def _note(db: Work, entry_ids: Collection[int]) -> None:
    statement = (
        select(Text, Entry.kind, Version.title, Version.content)
        .join(Entry, Entry.id == Text.entry_id)
        .join(Version, Version.id == Text.current_version_id)
    )
    for text, kind, title, content in db.execute(statement.where(Text.entry_id.in_(entry_ids))):
        row = db.get(TextWords, (db.tenant_id, text.id)) or TextWords(text_id=text.id)
        row.entry_id, row.kind, row.language = text.entry_id, kind, text.language
        row.title, row.words = normal(title), normal(html.plain_text(content))
        db.add(row)
    db.flush()
