"""Reading published content. Nothing here touches a table that editors write."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_

from cityinfo.kernel.db import TenantClock, Work

from .models import EVERY_LANGUAGE, Head, Published, is_outline, outline_kind
from .rules import Cursor, Outline, outline_node, read_cursor

Part = tuple[str, str]  # language and kind
Place = tuple[int, str]  # a number, and the last row of it that was seen; without one all of its rows were
OUTLINE = "outline"  # kind under which followers know the outlines of all kinds

# One statement that never changes: it is asked twenty times a second for every city that is being read.
_HEADS = select(TenantClock.epoch, Head.language, Head.kind, Head.seq).outerjoin(
    Head, Head.tenant_id == TenantClock.tenant_id
)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the feed; `payload` is None when the document is gone."""

    kind: str
    entry_id: int
    seq: int
    payload: bytes | None


@dataclass(frozen=True, slots=True)
class Touched:
    """That a document was written or removed, without what it says; `language` is empty for outlines."""

    kind: str
    entry_id: int
    language: str
    seq: int
    removed: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Changes:
    """A piece of the feed, in order, and where to go on."""

    items: list[Change]
    cursor: Cursor
    more: bool


def heads(db: Work, parts: Sequence[Part]) -> tuple[int, ...]:
    """The epoch, the last number that touched each of these parts, and the last that touched what no language owns.

    The last is about outlines and the tenant's own facts, which any answer may show. 0 where nothing was published yet.
    """
    rows = db.execute(_HEADS).all()
    found = {(language, kind): seq for _, language, kind, seq in rows}
    common = max((seq for _, language, _, seq in rows if language == EVERY_LANGUAGE), default=0)
    return (rows[0][0] if rows else 0, *(found.get(part, 0) for part in parts), common)


def payloads(db: Work, language: str, kind: str) -> list[bytes]:
    """All published documents of a kind in a language, as JSON, in no particular order."""
    statement = select(Published.payload).where(
        Published.language == language, Published.kind == kind, Published.removed.is_(False)
    )
    return [payload for payload in db.scalars(statement) if payload is not None]


def payloads_of(db: Work, language: str, kind: str, entry_ids: Sequence[int]) -> list[bytes]:
    """The published documents of these entries, as JSON, in no particular order."""
    statement = select(Published.payload).where(
        Published.language == language,
        Published.kind == kind,
        Published.entry_id.in_(entry_ids),
        Published.removed.is_(False),
    )
    return [payload for payload in db.scalars(statement) if payload is not None]


def visible(db: Work, entry_ids: Collection[int], languages: Collection[str]) -> set[tuple[int, str]]:
    """In which of these languages readers can open these entries, as pairs of entry and language."""
    statement = select(Published.entry_id, Published.language).where(
        Published.entry_id.in_(entry_ids), Published.removed.is_(False), Published.language.in_(languages)
    )
    return {(entry_id, language) for entry_id, language in db.execute(statement)} if entry_ids else set()


def public_entries(kinds: Collection[str]) -> Select[int]:
    """The entries of these kinds that readers see in any language, for a statement to choose among."""
    outlines = [outline_kind(kind) for kind in kinds]
    return select(Published.entry_id).where(
        Published.language == EVERY_LANGUAGE, Published.kind.in_(outlines), Published.removed.is_(False)
    )


def outline(db: Work, kind: str) -> Outline:
    """All public entries of a kind without their words."""
    documents = payloads(db, EVERY_LANGUAGE, outline_kind(kind))
    return Outline(outline_node(orjson.loads(payload)) for payload in documents)


def outline_since(db: Work, kind: str, known: Outline, seq: int) -> Outline:
    """The same, made of an earlier one that is right up to a number of the same epoch."""
    rows = db.execute(
        select(Published.entry_id, Published.payload).where(
            Published.language == EVERY_LANGUAGE, Published.kind == outline_kind(kind), Published.seq > seq
        )
    ).all()
    nodes = [outline_node(orjson.loads(payload)) for _, payload in rows if payload is not None]
    removed = [entry_id for entry_id, payload in rows if payload is None]
    return known.with_changes(nodes, removed) if rows else known


def changes(db: Work, language: str, *, since: str | None, most: int) -> Changes:
    """What was published or removed after the cursor, in the order in which it happened, at most `most` rows.

    Without a cursor from the beginning, where removed documents are left out. Raises `Gone` when the cursor belongs to
    another epoch or lies ahead of everything that happened.
    """
    epoch, latest = newest(db)
    start = read_cursor(since, epoch=epoch, newest=latest) if since else Cursor(epoch, 0)
    rows = _rows_after(db, language, start, most + 1, with_removed=since is not None)
    items = [Change(row.kind, row.entry_id, row.seq, row.payload) for row in rows[:most]]
    cursor = Cursor(epoch, items[-1].seq, items[-1].kind, items[-1].entry_id) if items else start
    return Changes(items, cursor, more=len(rows) > most)


def touched(
    db: Work,
    *,
    since: Place,
    until: Place | None = None,
    most: int,
    kinds: Collection[str],
    languages: Collection[str],
) -> list[Touched]:
    """What was written or removed after a place and up to another one, in order, tombstones included.

    No `kinds` means all, `OUTLINE` those of all kinds; outlines come with every choice of languages.
    """
    statement = select(Published.kind, Published.entry_id, Published.language, Published.seq, Published.removed).where(
        Published.language.in_([EVERY_LANGUAGE, *languages]), _is_after(since)
    )
    if until is not None:
        statement = statement.where(~_is_after(until))
    if kinds:
        outlines = [Published.kind.startswith(outline_kind(""), autoescape=True)] if OUTLINE in kinds else []
        statement = statement.where(or_(Published.kind.in_(kinds), *outlines))
    ordered = statement.order_by(Published.seq, Published.language, Published.kind, Published.entry_id)
    return [_touched(*row) for row in db.execute(ordered.limit(most))]


def shown_kind(kind: str) -> str:
    """A kind of documents as followers know it."""
    return OUTLINE if is_outline(kind) else kind


def _touched(kind: str, entry_id: int, language: str, seq: int, removed: bool) -> Touched:
    return Touched(shown_kind(kind), entry_id, language, seq, removed, (seq, f"{language} {kind} {entry_id}"))


def _is_after(place: Place) -> ColumnElement[bool]:
    seq, row = place
    if not row:
        return Published.seq > seq
    language, kind, entry_id = row.split(" ")
    later_row = tuple_(Published.language, Published.kind, Published.entry_id) > tuple_(language, kind, int(entry_id))
    return or_(Published.seq > seq, and_(Published.seq == seq, later_row))


def epoch(db: Work) -> int:
    """The tenant's epoch: followers who know another one start again."""
    return newest(db)[0]


def newest(db: Work) -> tuple[int, int]:
    """The epoch, and the number of the last unit of work that wrote."""
    row = db.execute(select(TenantClock.epoch, TenantClock.seq)).one_or_none()
    return (row[0], row[1]) if row else (0, 0)


def _rows_after(db: Work, language: str, start: Cursor, most: int, *, with_removed: bool) -> Sequence[Published]:
    later_in_same = and_(
        Published.seq == start.seq,
        or_(Published.kind > start.kind, and_(Published.kind == start.kind, Published.entry_id > start.entry_id)),
    )
    statement = select(Published).where(
        Published.language.in_([language, EVERY_LANGUAGE]), or_(Published.seq > start.seq, later_in_same)
    )
    if not with_removed:
        statement = statement.where(Published.removed.is_(False))
    return db.scalars(statement.order_by(Published.seq, Published.kind, Published.entry_id).limit(most)).all()


def written(db: Work, kind: str | None = None) -> int:
    """How many documents, of a kind, this unit of work has written so far."""
    statement = select(func.count()).select_from(Published).where(Published.seq == db.seq)
    return db.scalar(statement.where(Published.kind == kind) if kind else statement) or 0


def count_public(db: Work, kind: str) -> int:
    """How many entries of a kind readers see in any language."""
    statement = select(func.count(Published.entry_id)).where(
        Published.language == EVERY_LANGUAGE, Published.kind == outline_kind(kind), Published.removed.is_(False)
    )
    return db.scalar(statement) or 0


def documents_count(db: Work) -> int:
    """How many documents readers can see."""
    statement = select(func.count()).select_from(Published)
    return db.scalar(statement.where(Published.removed.is_(False), Published.language != EVERY_LANGUAGE)) or 0
