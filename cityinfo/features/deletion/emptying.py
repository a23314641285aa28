"""Taking a city's rows away: all tables that carry a tenant, in portions after which nothing leads to what is gone.

Which tables these are and how they hang together is read from the schema, so none can be forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, inspect, select, tuple_, update
from sqlalchemy.orm import aliased

from cityinfo.kernel.db import Base, Work

PORTION = 1_000  # rows: on SQLite other cities' writers wait for as long as these take
Writing = Callable[[], AbstractContextManager[Work]]
_BULK = {"synchronize_session": False}


@cache
def tables() -> dict[str, type[Base]]:
    """The class of every table that carries a tenant, those first whose rows lead to others."""
    classes = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
    names = [table.name for table in reversed(Base.metadata.sorted_tables) if "tenant_id" in table.c]
    return {name: classes[name] for name in names}


def counts(db: Work, kept: Collection[str] = ()) -> Counter[str]:
    """How many rows the city has in every table that is not among `kept`; tables without any are left out."""
    found = Counter[str]()
    for name, model in tables().items():
        if name not in kept:
            found[name] = db.scalar(select(func.count()).select_from(model)) or 0
    return +found


def empty(writing: Writing, *, kept: Collection[str] = ()) -> Iterator[int]:
    """Delete all rows but those of `kept`; yields after every portion how many it took. Safe to begin again."""
    for model, columns in _circles().items():
        if model.__tablename__ not in kept:
            yield from _loosen(writing, model, columns)
    waiting = [model for name, model in tables().items() if name not in kept]
    while waiting:
        with writing() as db:
            gone = _delete_portion(db, waiting)
        yield gone


def _delete_portion(db: Work, waiting: list[type[Base]]) -> int:
    """Delete from the first tables that wait; those that are empty leave the list."""
    left = PORTION
    while waiting and left > 0:
        gone = _delete_some(db, waiting[0], left)
        left -= gone
        if not gone:
            waiting.pop(0)
    return PORTION - left


def _delete_some(db: Work, model: type[Base], most: int) -> int:
    rows = db.execute(select(*_keys(model)).where(*_is_leaf(model)).limit(most)).all()
    if rows:
        db.execute(delete(model).where(_is_one_of(model, rows)), execution_options=_BULK)
    return len(rows)


def _loosen(writing: Writing, model: type[Base], columns: Collection[str]) -> Iterator[int]:
    """Empty keys that lead in circles, so that either end can go first."""
    lead = [getattr(model, column).is_not(None) for column in columns]
    for one in lead:
        while True:
            with writing() as db:
                rows = db.execute(select(*_keys(model)).where(one).limit(PORTION)).all()
                if rows:
                    values = dict.fromkeys(columns)
                    db.execute(update(model).where(_is_one_of(model, rows)).values(values), execution_options=_BULK)
            if not rows:
                break
            yield 0


@cache
def _circles() -> dict[type[Base], tuple[str, ...]]:
    """Keys of rows that can still be there when what they lead to goes. Rows that never change are not among them."""
    order = list(tables())
    found: dict[type[Base], tuple[str, ...]] = {}
    for place, (name, model) in enumerate(tables().items()):
        table = Base.metadata.tables[name]
        leads = {
            column
            for key in table.foreign_key_constraints
            if key.referred_table.name in order[: place + 1]
            for column in key.column_keys
            if column != "tenant_id"
        }
        if leads and not table.info.get("append_only"):
            found[model] = tuple(sorted(leads))
    return found


def _is_leaf(model: type[Base]) -> list[ColumnElement[bool]]:
    """For rows that never change and lead to others of their table: those first to which none leads."""
    table = Base.metadata.tables[model.__tablename__]
    if not table.info.get("append_only"):
        return []
    other: Any = aliased(model)
    keys = [key for key in table.foreign_key_constraints if key.referred_table is table]
    columns = [column for key in keys for column in key.column_keys if column != "tenant_id"]
    return [~exists().where(getattr(other, column) == model.id) for column in columns]  # type: ignore[attr-defined]


@cache
def _keys(model: type[Base]) -> list[Any]:
    """What tells a table's rows apart within a city; where there is one at most, the city itself."""
    names = [column.name for column in inspect(model).primary_key]
    return [getattr(model, name) for name in names[1:] or names]


def _is_one_of(model: type[Base], rows: Collection[Any]) -> ColumnElement[bool]:
    keys = _keys(model)
    return keys[0].in_([row[0] for row in rows]) if len(keys) == 1 else tuple_(*keys).in_([tuple(row) for row in rows])
