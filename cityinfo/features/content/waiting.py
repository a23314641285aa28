"""Texts that wait for someone: who has what to do, since when, and what was said about it.

Each question is a fixed number of statements, however many texts there are. Nothing archived waits for anyone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from cityinfo.features import tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from .models import IMPORTED, REQUESTED, RETURNED, Autosave, Entry, Text, Version

Kinds = Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A text in one language that waits; `said` by whom and `at` what moment is the reason why."""

    entry_id: int
    kind: str
    language: str
    title: str
    at: datetime
    by: str = ""
    said: str = ""
    assignee: str = ""


_FIELDS = ("entry_id", "kind", "language", "title", "at", "by", "said", "assignee")  # as `_texts` selects them


@dataclass(frozen=True, slots=True)
class Held:
    """Something that waits for one person: a text they should look at, one that came back to them, words of theirs
    that are no version."""

    reason: str  # `REQUESTED`, `RETURNED` or `KEPT`
    kind: str
    entry_id: int
    language: str
    title: str


KEPT = "kept"

# What a row of a question is made of: when, by whom, and what was said.
_submitter: ColumnElement[str] = func.coalesce(Text.submitted_by, Version.author)  # whom a returned text goes back to
_SUBMITTED = (func.coalesce(Text.review_at, Version.created_at), _submitter)
_RETURNED = (_SUBMITTED[0], func.coalesce(Text.returned_by, ""))
# What was brought in is as old as it was where it comes from; what was saved here is as old as the save.
_SAVED = case((Version.origin == IMPORTED, Version.changed_at), else_=Version.created_at)


def submitted(db: Work, kinds: Kinds, actor: Actor) -> list[Waiting]:
    """What this person should look at before it is published: assigned to them first, then what anyone may take.

    The longest waiting first. What is assigned to a colleague waits for that colleague.
    """
    statement = _texts(kinds, *_SUBMITTED, Text.review_message).where(Text.review_state == REQUESTED)
    rows = [row for row in _read(db, statement) if row.by != str(actor) or row.assignee == str(actor)]
    own = [row for row in rows if row.assignee == str(actor)]
    free = [row for row in rows if not row.assignee]
    return own + _within("publish", free, actor)


def returned(db: Work, kinds: Kinds, actor: Actor) -> list[Waiting]:
    """What this person has submitted and got back, with the reason; the longest waiting first."""
    statement = _texts(kinds, *_RETURNED, Text.review_message)
    return _read(db, statement.where(Text.review_state == RETURNED, _submitter == str(actor)))


def unfinished(db: Work, kinds: Kinds, actor: Actor) -> list[Waiting]:
    """What this person has begun and readers do not see: words never saved, and own versions that go nowhere by
    themselves, neither in review nor planned. The latest first."""
    rows = {(row.entry_id, row.language): row for row in [*_drafts(db, kinds, actor), *_unsaved(db, kinds, actor)]}
    return sorted(_within("write", rows.values(), actor), key=lambda row: row.at, reverse=True)


def expiring(db: Work, kinds: Kinds, actor: Actor, *, until: datetime) -> list[Waiting]:
    """What this person may publish and readers will no longer see after a moment that comes soon; the next first."""
    statement = _texts(kinds, Text.offline_at, Version.author, literal("")).where(
        Text.public_version_id.is_not(None), Text.offline_at <= until
    )
    return _within("publish", _read(db, statement), actor)


def unchanged(db: Work, kinds: Kinds, actor: Actor, *, since: datetime) -> list[Waiting]:
    """What readers see in the language the city writes in, nobody has saved since a moment, and this person may write.

    The oldest first. Translations are left out: they are as good as what they say of their source.
    """
    statement = _texts(kinds, _SAVED, Version.author, literal("")).where(
        Text.public_version_id.is_not(None), Text.language == tenants.root_language(db), since > _SAVED
    )
    return _within("write", _read(db, statement), actor)


def held_by(db: Work, person: str) -> list[Held]:
    """Everything that waits for someone and nobody else, of every kind. Two statements."""
    is_asked = and_(Text.review_state == REQUESTED, Text.assignee == person)
    is_returned = and_(Text.review_state == RETURNED, _submitter == person)
    statement = (
        select(Text.review_state, Entry.kind, Text.entry_id, Text.language, Version.title)
        .join(Entry, Entry.id == Text.entry_id)
        .join(Version, Version.id == Text.current_version_id)
        .where(or_(is_asked, is_returned))
    )
    found = [Held(*row) for row in db.execute(statement.order_by(Text.review_state, Text.id))]
    return found + [Held(KEPT, kind, row.entry_id, row.language, row.title) for kind, row in unsaved_by(db, person)]


def unsaved_by(db: Work, person: str) -> list[tuple[str, Autosave]]:
    """Someone's kept words that say something else than the newest version, with the kind of their entry."""
    statement = _kept_words(person, Entry.kind, Autosave).order_by(Autosave.saved_at)
    return [(kind, row) for kind, row in db.execute(statement)]


def _drafts(db: Work, kinds: Kinds, actor: Actor) -> list[Waiting]:
    is_public = Text.current_version_id == func.coalesce(Text.public_version_id, 0)
    statement = _texts(kinds, Version.created_at, Version.author, literal("")).where(
        Version.author == str(actor), ~is_public, Text.review_state == "", Text.publish_at.is_(None)
    )
    return _read(db, statement)


def _unsaved(db: Work, kinds: Kinds, actor: Actor) -> list[Waiting]:
    columns = (Autosave.entry_id, Entry.kind, Autosave.language, Autosave.title, Autosave.saved_at)
    statement = _kept_words(str(actor), *columns).where(Entry.kind.in_(kinds), Entry.archived_at.is_(None))
    return [
        Waiting(entry_id=entry_id, kind=kind, language=language, title=title, at=at, by=str(actor))
        for entry_id, kind, language, title, at in db.execute(statement)
    ]


def _kept_words(person: str, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Someone's kept words that say something else than the newest version."""
    in_same = (Text.entry_id == Autosave.entry_id) & (Text.language == Autosave.language)
    return (
        select(*columns)
        .select_from(Autosave)
        .join(Entry, Entry.id == Autosave.entry_id)
        .outerjoin(Text, in_same)
        .outerjoin(Version, Version.id == Text.current_version_id)
        .where(Autosave.author == person)
        .where(or_(Version.id.is_(None), Version.title != Autosave.title, Version.content != Autosave.content))
    )


def _texts(kinds: Kinds, at: Any, by: Any, said: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(Text.entry_id, Entry.kind, Text.language, Version.title, at, by, said, Text.assignee)
        .join(Entry, Entry.id == Text.entry_id)
        .join(Version, Version.id == Text.current_version_id)
        .where(Entry.kind.in_(kinds), Entry.archived_at.is_(None))
        .order_by(at, Text.id)
    )


def _read(db: Work, statement: Select[*tuple[Any, ...]]) -> list[Waiting]:
    return [Waiting(**dict(zip(_FIELDS, row, strict=True))) for row in db.execute(statement)]


def _within(verb: str, rows: Iterable[Waiting], actor: Actor) -> list[Waiting]:
    return [row for row in rows if actor.may(verb, row.kind, entry_id=row.entry_id, language=row.language)]
