"""The wall inside the database, seen by connections that know nothing of the application."""

from __future__ import annotations

from contextlib import contextmanager

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege
from sqlalchemy import (
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
    create_engine,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError

from cityinfo.kernel.db import Base
from tests.factories import plant, save
from tests.partitions import hole_in_row_security

TABLES = Base.metadata.sorted_tables
OWNED = [table for table in TABLES if "tenant_id" in table.c]
PROTECTED = [*OWNED, Base.metadata.tables["tenant"]]

postgres_only = pytest.mark.parametrize(
    "settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
sqlite_only = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


class Roles:
    """Connections of each role, straight to the server."""

    def __init__(self, server):
        self._server = server

    @contextmanager
    def connect(self, url, tenant=None):
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            if tenant is not None:
                connection.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant)])
            yield connection
            connection.rollback()

    def app(self, tenant=None):
        return self.connect(self._server.app_url, tenant)

    def owner(self, tenant=None):
        return self.connect(self._server.owner_url, tenant)

    @contextmanager
    def platform(self):
        with self.app() as connection:
            connection.execute("SELECT set_config('role', %s, true)", [self._server.roles.platform])
            yield connection


@pytest.fixture
def roles(postgres):
    return Roles(postgres)


@pytest.fixture
def cities(city, other_city):
    """Two cities with a page each, saved twice."""
    for one in (city, other_city):
        save(one, plant(one, "Wohnen"), title="Wohnung")
    return city, other_city


def owners(connection, table):
    """Whose rows a connection sees."""
    return {row[0] for row in connection.execute(f'SELECT DISTINCT tenant_id FROM "{table}"')}


FILLED = ("entry", "text", "version", "address", "page", "published", "head", "audit", "clock", "tenant_language")


@postgres_only
def test_without_a_tenant_nothing_is_there(roles, cities):
    for connect in (roles.app, roles.owner):
        with connect() as connection:
            assert {table: owners(connection, table) for table in FILLED} == {key: set() for key in FILLED}


@postgres_only
def test_with_a_tenant_only_its_rows_are_there(roles, cities):
    for city in cities:
        with roles.app(city.tenant_id) as connection:
            seen = {table: owners(connection, table) for table in FILLED}
        assert seen == {key: {city.tenant_id} for key in FILLED}


@postgres_only
def test_the_owner_of_the_tables_sees_no_rows_at_all(roles, cities):
    """Row-level security is forced: a migration that changes rows must say which role sees them."""
    with roles.owner(cities[0].tenant_id) as connection:
        assert owners(connection, "entry") == set()
        assert connection.execute("UPDATE entry SET kind = 'x'").rowcount == 0
        assert connection.execute("DELETE FROM published").rowcount == 0


@postgres_only
def test_without_a_tenant_nothing_is_written(roles, cities):
    city, _ = cities
    with roles.app() as connection:
        assert connection.execute("UPDATE entry SET kind = 'x'").rowcount == 0
        assert connection.execute("DELETE FROM entry").rowcount == 0
        with pytest.raises(InsufficientPrivilege):
            connection.execute("INSERT INTO clock VALUES (%s, 1, 1)", [city.tenant_id + 1])


@postgres_only
def test_rows_of_another_tenant_are_neither_made_nor_changed_nor_taken_over(roles, cities):
    city, other = cities
    with roles.app(city.tenant_id) as connection:
        for sql in ("UPDATE head SET seq = 9 WHERE tenant_id = %s", "DELETE FROM head WHERE tenant_id = %s"):
            assert connection.execute(sql, [other.tenant_id]).rowcount == 0
    for sql in (
        "INSERT INTO due (tenant_id, kind, entry_id, at) VALUES (%s, 'page', 1, now())",
        "UPDATE head SET tenant_id = %s",
    ):
        with roles.app(city.tenant_id) as connection, pytest.raises(InsufficientPrivilege):
            connection.execute(sql, [other.tenant_id])


@postgres_only
@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_connection_forgets_its_tenant_with_the_transaction(roles, cities, end):
    city, _ = cities
    with roles.app(city.tenant_id) as connection:
        assert owners(connection, "entry") == {city.tenant_id}
        getattr(connection, end)()
        assert connection.execute("SELECT current_setting('app.tenant', true)").fetchone() == ("",)
        assert owners(connection, "entry") == set()
        assert connection.execute("DELETE FROM entry").rowcount == 0


@postgres_only
def test_the_platform_sees_everybody_and_writes_nothing(roles, cities):
    with roles.platform() as connection:
        for table in FILLED:
            assert owners(connection, table) == {city.tenant_id for city in cities}
    for sql in ("UPDATE entry SET kind = 'x'", "DELETE FROM entry", "INSERT INTO clock VALUES (1, 1, 1)"):
        with roles.platform() as connection, pytest.raises(InsufficientPrivilege):
            connection.execute(sql)


@postgres_only
@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_connection_stops_being_the_platform_with_the_transaction(roles, cities, end):
    with roles.platform() as connection:
        getattr(connection, end)()
        assert owners(connection, "entry") == set()


@postgres_only
def test_no_role_may_look_past_the_policies(roles, cities, postgres):
    with roles.app() as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = ANY(%s)",
            [[postgres.roles.app, postgres.roles.platform, make_url(postgres.owner_url).username]],
        ).fetchall()
    assert len(rows) == 3
    assert not any(unsafe for _, unsafe in rows)


@postgres_only
def test_what_the_platform_may_see_is_not_simply_inherited(roles, cities):
    city, _ = cities
    with roles.app(city.tenant_id) as connection:
        assert owners(connection, "entry") == {city.tenant_id}


@postgres_only
def test_everybody_reads_the_list_of_cities(roles, cities):
    slugs = {city.slug for city in cities}
    for connect in (roles.app, lambda: roles.app(cities[0].tenant_id), roles.platform):
        with connect() as connection:
            assert {row[0] for row in connection.execute("SELECT slug FROM tenant")} == slugs


@postgres_only
def test_a_city_changes_its_own_line_in_the_list_alone(roles, cities):
    city, other = cities
    with roles.app(city.tenant_id) as connection:
        assert connection.execute("UPDATE tenant SET name = 'x'").rowcount == 1
        assert connection.execute("SELECT slug FROM tenant WHERE name = 'x'").fetchall() == [(city.slug,)]
        assert connection.execute("UPDATE tenant SET name = 'x' WHERE id = %s", [other.tenant_id]).rowcount == 0
        assert connection.execute("DELETE FROM tenant WHERE id = %s", [other.tenant_id]).rowcount == 0
    with roles.app(city.tenant_id) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute("UPDATE tenant SET id = %s WHERE id = %s", [other.tenant_id + 1, city.tenant_id])
    with roles.app() as connection:
        assert connection.execute("UPDATE tenant SET name = 'x'").rowcount == 0


@postgres_only
@pytest.mark.parametrize("table", ["audit", "version"])
def test_what_was_written_stays_as_it_was(roles, cities, table):
    city, _ = cities
    with roles.app(city.tenant_id) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(f"UPDATE {table} SET digest = 'x'")


@postgres_only
@pytest.mark.parametrize("table", ["audit", "platform_audit"])
def test_what_was_done_cannot_be_deleted_by_whoever_serves(roles, cities, table):
    city, _ = cities
    with roles.app(city.tenant_id) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(f"DELETE FROM {table}")


@sqlite_only
def test_what_was_done_cannot_be_deleted_on_sqlite(cities):
    city, _ = cities
    with pytest.raises(DBAPIError, match="never deleted"), city.write() as db:
        db.execute(text("DELETE FROM audit"), execution_options={"crosses": "test"})


@sqlite_only
@pytest.mark.parametrize("table", ["audit", "version"])
def test_what_was_written_stays_as_it_was_on_sqlite(cities, table):
    city, _ = cities
    with pytest.raises(DBAPIError, match="never change"), city.write() as db:
        db.execute(text(f"UPDATE {table} SET digest = 'x'"), execution_options={"crosses": "test"})


@postgres_only
def test_a_link_cannot_lead_to_another_city(roles, cities):
    city, other = cities
    with roles.app(other.tenant_id) as connection:
        foreign = connection.execute("SELECT id FROM entry").fetchone()[0]
    with roles.app(city.tenant_id) as connection, pytest.raises((psycopg.IntegrityError, CheckViolation)):
        connection.execute(
            "INSERT INTO autosave VALUES (%s, %s, 'de', 'eva', '', '', 1, now())", [city.tenant_id, foreign]
        )


# The catalogue


@postgres_only
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_is_closed_and_by_the_expected_policies(roles, postgres, settings, table):
    with roles.owner() as connection:
        assert hole_in_row_security(connection, table, table.name, postgres.roles) == ""


@postgres_only
def test_no_table_is_forgotten_by_the_catalogue_test(roles, settings):
    """A table that a migration made and no model knows would be open to everybody."""
    with roles.owner() as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        assert {row[0] for row in rows} == {table.name for table in TABLES} | {"alembic_version"}


@postgres_only
def test_the_product_has_no_views_and_no_functions_that_act_for_the_owner(roles, settings):
    """A view and a SECURITY DEFINER function read with the rights of whoever made them."""
    with roles.owner() as connection:
        views = "SELECT count(*) FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
        functions = "SELECT count(*) FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        assert [connection.execute(sql).fetchone()[0] for sql in (views, functions)] == [0, 0]


@sqlite_only
@pytest.mark.parametrize("table", PROTECTED, ids=lambda table: table.name)
def test_every_table_has_its_triggers_on_sqlite(database, table):
    column = "tenant_id" if "tenant_id" in table.c else table.info["tenant_column"]
    found = triggers(database, table.name)
    wanted = {("INSERT", "NEW"), ("UPDATE", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")}
    for event, row in wanted:
        assert any(f"BEFORE {event} ON {table.name} WHEN {row}.{column} IS NOT app_tenant()" in sql for sql in found), (
            f"{table.name} has no trigger before {event} that looks at {row}"
        )
    assert any("never change" in sql for sql in found) == bool(table.info.get("append_only"))
    assert any("never deleted" in sql for sql in found) == bool(table.info.get("permanent"))


def triggers(database, table):
    engine = create_engine(database.engine.url)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        )
        found = [row[0] for row in rows]
    engine.dispose()
    return found


@pytest.mark.parametrize("table", OWNED, ids=lambda table: table.name)
def test_the_tenant_is_part_of_every_key(table):
    """So that no row can collide with, or point at, another city's, and every table can be partitioned by tenant."""
    keys = [one for one in table.constraints if isinstance(one, PrimaryKeyConstraint | UniqueConstraint)]
    unique = [*(list(key.columns) for key in keys), *(list(one.columns) for one in table.indexes if one.unique)]
    assert all(columns[0].name == "tenant_id" for columns in unique)
    for key in (one for one in table.constraints if isinstance(one, ForeignKeyConstraint)):
        if "tenant_id" in key.referred_table.c:
            assert "tenant_id" in key.column_keys
            assert key.ondelete in (None, "CASCADE")


# The query plan


@postgres_only
def test_the_policy_leaves_the_index_in_use(roles, cities, postgres):
    """With 50,000 rows of other cities, one's own document is found by key and not by reading them all."""
    city, _ = cities
    make_many_documents(postgres)
    for sql in (
        "SELECT payload FROM published WHERE language = 'de' AND kind = 'page' AND entry_id = 1",
        "SELECT entry_id FROM published WHERE language = 'de' AND seq > 0 ORDER BY seq LIMIT 100",
        "SELECT count(*) FROM published",
    ):
        with roles.app(city.tenant_id) as connection:
            plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {sql}"))
        assert "Index" in plan
        assert "Seq Scan" not in plan


def make_many_documents(server):
    engine = server.admin()
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "INSERT INTO published (tenant_id, language, kind, entry_id, seq, digest, payload, removed, published_at) "
            "SELECT n / 500, 'de', 'page', n, n, 'd', '{}', false, now() FROM generate_series(1, 50000) AS n"
        )
        connection.exec_driver_sql("ANALYZE published")
    engine.dispose()


def test_both_databases_have_the_same_tables(database):
    engine = create_engine(database.engine.url)
    assert set(inspect(engine).get_table_names()) == {table.name for table in TABLES} | {"alembic_version"}
    engine.dispose()
