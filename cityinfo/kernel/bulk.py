"""Thousands of rows at once, as the driver takes them: for copies of what has passed every door already.

A session would make every value a parameter of a statement that it puts together for every row, which takes longer than
to store it. Nothing is filled in and nobody is told; what a session holds of these rows is not renewed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, Table

from .db import Base, Work
from .errors import Leak

Row = Mapping[str, Any]
_Columns = Sequence[list[Any]]


def insert_rows(db: Work, model: type[Base], rows: Sequence[Row]) -> None:
    """Add rows, all with the same columns, of the tenant this unit of work belongs to."""
    insert_together(db, [(model, rows)])


def insert_together(db: Work, parts: Sequence[tuple[type[Base], Sequence[Row]]]) -> None:
    """Add rows of several tables whose keys lead to each other: they are checked when all of them stand."""
    parts = [(model, rows) for model, rows in parts if rows]
    if db.database.is_sqlite and len(parts) > 1:
        _execute(db, "PRAGMA defer_foreign_keys = ON", ())  # until this transaction ends
    inserts = [_insertion(db, model, rows) for model, rows in parts]
    if db.database.is_sqlite:
        for statement, values in inserts:
            _execute(db, statement, list(zip(*values, strict=True)))
    elif inserts:
        *before, (last, _) = inserts
        named = ", ".join(f"part_{number} AS ({statement})" for number, (statement, _) in enumerate(before))
        statement = f"WITH {named} {last}" if before else last
        _execute(db, statement, tuple(column for _, values in inserts for column in values))


def _insertion(db: Work, model: type[Base], rows: Sequence[Row]) -> tuple[str, _Columns]:
    names, values, table = list(rows[0]), _values(db, model, rows), _table(model)
    into = f'INSERT INTO "{table.name}" ({_listed(names)})'
    if db.database.is_sqlite:
        return f"{into} VALUES ({', '.join('?' for _ in names)})", values
    return f"{into} SELECT * FROM unnest({_arrays(db, table, names)})", values  # noqa: S608 - names of our own tables


def update_rows(db: Work, model: type[Base], rows: Sequence[Row]) -> None:
    """Change rows of this tenant: each holds its primary key, and what its other columns shall say."""
    if not rows:
        return
    table, sqlite = _table(model), db.database.is_sqlite
    keys = [column.name for column in table.primary_key]
    said = [name for name in rows[0] if name not in keys]
    names, values = [*said, *keys], _values(db, model, [{name: row[name] for name in (*said, *keys)} for row in rows])
    changes = ", ".join(f"{_quoted(one)} = {_given(one, sqlite)}" for one in said)
    same = " AND ".join(f"{_quoted(table.name)}.{_quoted(one)} = {_given(one, sqlite)}" for one in keys)
    begin = f"UPDATE {_quoted(table.name)} SET {changes}"  # noqa: S608 - names of our own tables
    if sqlite:
        _execute(db, f"{begin} WHERE {same}", list(zip(*values, strict=True)))
        return
    given = f"unnest({_arrays(db, table, names)}) AS given({_listed(names)})"
    # Without statistics of a tenant that was written just now, every row would be compared with every array's item.
    _let_loop(db, "off")
    _execute(db, f"{begin} FROM {given} WHERE {same}", tuple(values))
    _let_loop(db, "on")


def _given(name: str, sqlite: bool) -> str:
    return "?" if sqlite else f"given.{_quoted(name)}"


def _arrays(db: Work, table: Table, names: Sequence[str]) -> str:
    """Each column as one array, in binary: a statement for all rows in place of one for each."""
    return ", ".join(f"%b::{_type(table.c[name], db.connection().dialect)}[]" for name in names)


def _let_loop(db: Work, switch: str) -> None:
    _execute(db, "SELECT set_config('enable_nestloop', %s, true)", (switch,))


def _execute(db: Work, statement: str, parameters: Any) -> None:
    db.flush()  # what the session holds may be what these rows lead to
    db.connection().exec_driver_sql(statement, parameters, {"crosses": "rows that were looked at here"})


def _values(db: Work, model: type[Base], rows: Sequence[Row]) -> _Columns:
    """The values of each column as the driver takes them; refuses rows of another tenant."""
    if any(row["tenant_id"] != db.tenant_id for row in rows):
        raise Leak(f"A row of {model.__name__} belongs to another tenant.")
    dialect, columns = db.connection().dialect, _table(model).c
    return [_as_driven(list(map(itemgetter(name), rows)), _processor(columns[name], dialect)) for name in rows[0]]


def _as_driven(values: list[Any], process: Callable[[Any], Any] | None) -> list[Any]:
    return values if process is None else [process(value) for value in values]


def _processor(column: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    found: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    return found


def _type(column: Any, dialect: Dialect) -> str:
    return str(column.type.compile(dialect)).partition(" COLLATE ")[0]


def _table(model: type[Base]) -> Table:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is no table.")
    return table


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return f'"{name}"'
