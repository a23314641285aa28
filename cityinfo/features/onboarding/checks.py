"""Whether a clone stands on its own: nothing in it leads out of the city, and readers see what editors released."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import orjson
from sqlalchemy import select

from cityinfo.kernel.db import Work

from . import markup
from .ports import Projector, Store
from .tables import Shape, shapes

_KEY = re.compile(r"(?<![0-9a-z])([0-9]{1,16})/[0-9a-f]{32}")


def faults(db: Work, *, store: Store, projector: Projector | None = None) -> Iterator[str]:
    """What is wrong, in a word or two each. Keys of tables are held by the database; this is the rest.

    With a projector all documents are computed once more and compared.
    """
    known = {name: _ids(db, shape) for name, shape in shapes().items() if shape.own}
    for shape in shapes().values():
        for column, space in shape.line.names.items():
            yield from _named(db, shape, column, known[space])
        for column in shape.line.markup:
            yield from _marked(db, shape, column, known["entry"])
        for column in shape.line.files:
            yield from _filed(db, shape, column, store)
    if projector is not None:
        yield from (f"document: {one}" for one in projector.verify(db))


def _ids(db: Work, shape: Shape) -> set[int]:
    return set(db.scalars(select(_of(shape, "id"))))


def _named(db: Work, shape: Shape, column: str, known: Collection[int]) -> Iterator[str]:
    values = set(db.scalars(select(_of(shape, column)).where(_of(shape, column).is_not(None)).distinct()))
    yield from (f"{shape.name}.{column}: {value}" for value in sorted(values.difference(known)))


def _marked(db: Work, shape: Shape, column: str, known: Collection[int]) -> Iterator[str]:
    words = _of(shape, column)
    statement = select(words).where(words.contains("entry") | words.contains("media"))
    for value in db.scalars(statement):
        yield from (f"{shape.name}.{column}: {one}" for one in sorted(markup.references(value).difference(known)))
        yield from (f"{shape.name}.{column}: {owner}/" for owner in _owners(value) - {str(db.tenant_id)})


def _filed(db: Work, shape: Shape, column: str, store: Store) -> Iterator[str]:
    for value in db.scalars(select(_of(shape, column))):
        written = value if isinstance(value, str) else orjson.dumps(value).decode()
        yield from (f"{shape.name}.{column}: {owner}/" for owner in _owners(written) - {str(db.tenant_id)})
        if column == "key" and store.size(value) is None:
            yield f"{shape.name}.{column}: no bytes"


def _owners(written: str) -> set[str]:
    return set(_KEY.findall(written))


def _of(shape: Shape, column: str) -> Any:
    return getattr(shape.model, column)
