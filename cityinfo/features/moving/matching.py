"""Which entry here is which entry there: what came before, else what has its number or its address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cityinfo.features import content, imprint
from cityinfo.features.content import Entry, Text
from cityinfo.kernel.db import Work

from .links import Key
from .models import MovedEntry, MovedText
from .types import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What came before and what stands here. `ids` are entries that were found again, by kind and key."""

    rows: Mapping[int, MovedEntry]
    ids: dict[Key, int]
    archived: frozenset[int]
    numbers: set[tuple[str, int]]  # v3 numbers that entries here have, by kind


def match(db: Work, found: Sequence[Found]) -> Known:
    """A fixed number of statements, however much there is."""
    rows = {row.entry_id: row for row in db.scalars(select(MovedEntry))}
    by_key = {(row.kind, row.key): row.entry_id for row in rows.values()}
    sources = {(row.kind, row.language, row.source): row.entry_id for row in db.scalars(select(MovedText))}
    standing = {one.id: one for one in db.scalars(select(Entry))}
    here = _Here(db, standing)
    ids: dict[Key, int] = {}
    taken = set[int]()
    for one in found:
        texts = (sources.get((one.kind, language, said.source)) for language, said in one.texts.items())
        entry_id = next((known for known in texts if known), None) or by_key.get((one.kind, one.key))
        entry_id = entry_id or here.find(one, rows)
        if entry_id and entry_id not in taken:
            taken.add(entry_id)
            ids[one.kind, one.key] = entry_id
    return Known(
        rows=rows,
        ids=ids,
        archived=frozenset(one.id for one in standing.values() if one.archived_at is not None),
        numbers={(one.kind, one.v3_id) for one in standing.values() if one.v3_id},
    )


class _Here:
    """Entries that nobody knows to have come: an earlier importer brought them, or someone made them."""

    def __init__(self, db: Work, standing: Mapping[int, Entry]) -> None:
        self._imprint = imprint.of_city(db)
        self._entries = {(one.kind, one.v3_id): one.id for one in standing.values() if one.v3_id}
        numbered = db.execute(select(Text.v3_id, Text.entry_id).where(Text.v3_id.is_not(None))).all()
        self._texts = {
            (standing[entry_id].kind, v3_id): entry_id for v3_id, entry_id in numbered if entry_id in standing
        }
        self._slugs = {(row.kind, row.language, row.slug): row.entry_id for row in content.every_address(db)}

    def find(self, one: Found, rows: Mapping[int, MovedEntry]) -> int | None:
        """By the numbers of its texts, by its own, by its addresses; never what came as something else."""
        if one.kind == imprint.KIND:
            return self._imprint.id if self._imprint else None
        texts = [self._texts.get((one.kind, said.id_v3)) for said in one.texts.values() if said.id_v3]
        own = [self._entries.get((one.kind, one.id_v3))] if one.id_v3 else []
        slugs = [self._slugs.get((one.kind, language, said.slug)) for language, said in one.texts.items() if said.slug]
        return next((found for found in (*texts, *own, *slugs) if found and found not in rows), None)
