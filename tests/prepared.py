"""Cities that are made once and then written row by row into every database: making one takes 25 statements."""

from __future__ import annotations

from contextlib import closing

import psycopg
import time_machine

from cityinfo.kernel import clock
from cityinfo.kernel.db import Base, Database
from tests.factories import City, make_city

NAMES = "teststadt", "nachbarstadt"
_now = clock.now
_identities: dict[str, int] = {}
_rows: dict[tuple[str, str], str] = {}  # statements that write a city, by the kind of database and the city's address


def prepared_city(database: Database, slug: str) -> City:
    """One of `NAMES`, as `make_city` makes it; where a test has a time of its own made then, as its identities are."""
    if clock.now is not _now or time_machine.escape_hatch.is_travelling():
        return make_city(database, slug)
    if not _identities:
        _identities.update(zip(NAMES, database.identities.several(len(NAMES)), strict=True))
    kind, city = database.engine.dialect.name, City(slug, _identities[slug], database)
    if (kind, slug) in _rows:
        _write(city, _rows[kind, slug])
    else:
        make_city(database, slug, tenant_id=city.tenant_id)
        _rows[kind, slug] = _statements(city)
    return city


def _statements(city: City) -> str:
    """What writes all rows of the city, and says that there is one more."""
    statements = ["UPDATE directory SET seq = seq + 1"]
    literal = "quote({})" if city.database.is_sqlite else "quote_nullable({}::text)"
    with closing(city.database.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        if not city.database.is_sqlite:
            cursor.execute(_told(city))
        for table in Base.metadata.sorted_tables:
            owner = "id" if table.name == "tenant" else "tenant_id"
            if owner in table.c:
                names = [f'"{column.name}"' for column in table.c]
                values = ", ".join(literal.format(name) for name in names)
                cursor.execute(f'SELECT {values} FROM "{table.name}" WHERE {owner} = {city.tenant_id}')
                begin = f'INSERT INTO "{table.name}" ({", ".join(names)}) VALUES'
                statements += [f"{begin} ({', '.join(row)})" for row in cursor.fetchall()]
    return "; ".join(statements)


def _write(city: City, statements: str) -> None:
    with closing(city.database.engine.raw_connection()) as connection:
        if city.database.is_sqlite:
            connection.info["tenant"] = city.tenant_id
            connection.cursor().executescript(f"BEGIN IMMEDIATE; {statements}; COMMIT")
        else:
            cursor = psycopg.Cursor(connection.driver_connection)  # the application's own takes one statement at a time
            cursor.execute(f"{_told(city)}; {statements}")
            connection.commit()


def _told(city: City) -> str:
    """For PostgreSQL, whose rows are meant."""
    return f"SELECT set_config('app.tenant', '{city.tenant_id}', true)"
