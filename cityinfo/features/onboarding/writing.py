"""Rows written into a city that nobody reads yet, in portions, so that other cities' writers need not wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import delete, select, update

from cityinfo.features.content import Entry, Text
from cityinfo.features.publishing import Published
from cityinfo.kernel.bulk import insert_rows, update_rows
from cityinfo.kernel.db import Base, Work

from .mapping import Mapped
from .models import Origin, TextOrigin
from .tables import Row, shapes

PORTION = 4_000  # rows: a fraction of a second
Writing = Callable[[], AbstractContextManager[Work]]
_BULK = {"synchronize_session": False}
_Batch = tuple[type[Base], list[Row], bool]  # whether the rows stand already and only get their later keys


def write(mapped: Mapped, writing: Writing) -> Iterator[float]:
    """Write all rows; yields after every portion how much of it is done."""
    batches = list(_batches(mapped))
    total, done = sum(len(rows) for _, rows, _ in batches) or 1, 0
    for portion in _portions(batches):
        with writing() as db:
            for model, rows, again in portion:
                (update_rows if again else insert_rows)(db, model, rows)
        done += sum(len(rows) for _, rows, _ in portion)
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
        if later:
            named = ("tenant_id", "id", *later)
            again.append((shape.model, [{one: row[one] for one in named} for row in rows if _any_of(row, later)], True))
            rows = [{**row, **dict.fromkeys(later)} for row in rows]
        yield shape.model, rows, False
    yield from again
    yield Origin, mapped.origins(), False
    yield TextOrigin, mapped.text_origins(), False


def _any_of(row: Row, columns: Sequence[str]) -> bool:
    return any(row[column] is not None for column in columns)


def _portions(batches: Sequence[_Batch]) -> Iterator[list[_Batch]]:
    portion, size = list[_Batch](), 0
    for model, rows, again in batches:
        start = 0
        while start < len(rows):
            part = rows[start : start + PORTION - size]
            portion.append((model, part, again))
            size, start = size + len(part), start + len(part)
            if size >= PORTION:
                yield portion
                portion, size = [], 0
    if portion:
        yield portion
