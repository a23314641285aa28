"""Tables as whoever walks all of them sees them: their classes, and where their keys lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Table

from cityinfo.kernel.db import Base

from .catalogue import CARRIED, Line

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """A table that travels. `own` says that its rows have identities of their own, under its name.

    `keys` lead to identities: column to the name of the table that gives them out. A row is nothing without what its
    `owners` lead to; without what other keys lead to it loses these, or where they cannot be empty, it goes as well.
    """

    name: str
    model: type[Base]
    line: Line
    columns: tuple[str, ...]
    own: bool
    keys: Mapping[str, str]
    owners: frozenset[str]
    optional: frozenset[str]


@cache
def shapes() -> dict[str, Shape]:
    """All tables that travel, in an order in which they can be written."""
    return {table.name: _shape(table) for table in Base.metadata.sorted_tables if table.name in CARRIED}


@cache
def models() -> dict[str, type[Base]]:
    """The class of every table, by its name."""
    return {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]


def _shape(table: Table) -> Shape:
    keys, owners = dict[str, str](), set[str]()
    for key in table.foreign_key_constraints:
        column = next((one.name for one in key.columns if one.name != "tenant_id"), None)
        if column is not None and "tenant_id" in key.columns:
            keys[column] = _space(key.referred_table)
            if key.ondelete == "CASCADE":
                owners.add(column)
    line = CARRIED[table.name]
    own = "id" in table.c and "id" not in keys
    return Shape(
        name=table.name,
        model=models()[table.name],
        line=line,
        columns=tuple(column.name for column in table.c),
        own=own,
        keys={**keys, **line.names},
        owners=frozenset(owners),
        optional=frozenset(column.name for column in table.c if column.nullable),
    )


def _space(table: Table) -> str:
    """Which table gives out a table's identities: that of an entry's facts are the entry's."""
    for key in table.foreign_key_constraints:
        if {"tenant_id", "id"} == {column.name for column in key.columns}:
            return _space(key.referred_table)
    return table.name
