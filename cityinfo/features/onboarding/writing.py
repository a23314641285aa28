"""Rows written into a city that nobody reads yet, in portions, so that other cities' writers need not wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter

from sqlalchemy import delete, select, update

from cityinfo.features.content import Entry, Text, Version
from cityinfo.features.publishing import Published
from cityinfo.kernel.bulk import insert_together, update_rows
from cityinfo.kernel.db import Base, Work

from .mapping import Mapped
from .models import Origin, TextOrigin
from .tables import Row, shapes

PORTION = 4_000  # rows, or a few more: a fraction of a second
_ENTRY = itemgetter("entry_id")
Writing = Callable[[], AbstractContextManager[Work]]
_BULK = {"synchronize_session": False}
_Part = tuple[type[Base], list[Row]]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows that are written together, no more than a portion; `again` if they stand and only get their later keys."""

    parts: list[_Part]
    again: bool = False

    @property
    def size(self) -> int:
        return sum(len(rows) for _, rows in self.parts)

    def write(self, db: Work) -> None:
        if not self.again:
            insert_together(db, self.parts)
            return
        for model, rows in self.parts:
            update_rows(db, model, rows)


def write(mapped: Mapped, writing: Writing) -> Iterator[float]:
    """Write all rows; yields after every portion how much of it is done."""
    batches = list(_batches(mapped))
    total, done = sum(batch.size for batch in batches) or 1, 0
    for portion in _portions(batches):
        with writing() as db:
            for batch in portion:
                batch.write(db)
        done += sum(batch.size for batch in portion)
        yield done / total


def clear(writing: Writing) -> bool:
    """Take away what an interrupted attempt has written; returns whether there was anything."""
    with writing() as db:
        if db.scalar(select(Entry.id).limit(1)) is None and not _any(db):
            return False
        db.execute(update(Text).values(current_version_id=None, public_version_id=None), execution_options=_BULK)
    models: list[type[Base]] = [Published, TextOrigin, Origin, *reversed([shape.model for shape in shapes().values()])]
    for model in models:
        with writing() as db:
            db.execute(delete(model), execution_options=_BULK)
    return True


def _any(db: Work) -> bool:
    own = (shape.model for shape in shapes().values() if not shape.keys)
    return any(db.scalar(select(model.tenant_id).limit(1)) is not None for model in own)  # type: ignore[attr-defined]


def _batches(mapped: Mapped) -> Iterator[_Batch]:
    again: list[_Batch] = []
    for shape in shapes().values():
        rows, later = mapped.rows[shape.name], shape.line.later
        if shape.model is Text:
            yield from _with_versions(rows, mapped.rows["version"])
        elif shape.model is not Version:
            named = ("tenant_id", "id", *later)
            keyed = [{one: row[one] for one in named} for row in rows if _any_of(row, later)]
            again += _split(shape.model, keyed, again=True)
            yield from _split(shape.model, [{**row, **dict.fromkeys(later)} for row in rows] if later else rows)
    yield from again
    yield from _split(Origin, mapped.origins())
    yield from _split(TextOrigin, mapped.text_origins())


def _with_versions(texts: Sequence[Row], versions: Iterable[Row]) -> Iterator[_Batch]:
    """Texts name their versions, which name their text and versions of the same entry: an entry goes in one piece."""
    said: dict[int, list[Row]] = defaultdict(list)
    for version in versions:
        said[version["text_id"]].append(version)
    some: tuple[list[Row], list[Row]] = ([], [])
    for _, own in groupby(sorted(texts, key=_ENTRY), _ENTRY):
        entry = list(own)
        some[0].extend(entry)
        some[1].extend(chain.from_iterable(said[text["id"]] for text in entry))
        if len(some[0]) + len(some[1]) >= PORTION:
            yield _Batch([(Text, some[0]), (Version, some[1])])
            some = ([], [])
    yield _Batch([(Text, some[0]), (Version, some[1])])


def _any_of(row: Row, columns: Sequence[str]) -> bool:
    return any(row[column] is not None for column in columns)


def _split(model: type[Base], rows: list[Row], *, again: bool = False) -> Iterator[_Batch]:
    for start in range(0, len(rows), PORTION):
        yield _Batch([(model, rows[start : start + PORTION])], again)


def _portions(batches: Iterable[_Batch]) -> Iterator[list[_Batch]]:
    portion = list[_Batch]()
    for batch in batches:
        portion.append(batch)
        if sum(one.size for one in portion) >= PORTION:
            yield portion
            portion = []
    if portion:
        yield portion
