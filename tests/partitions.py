"""The whole schema hash-partitioned by tenant, and the question whether PostgreSQL closes a table."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, ForeignKeyConstraint, MetaData, Table, create_engine, make_url, text
from sqlalchemy.schema import AddConstraint, CreateTable

from cityinfo.kernel.db import Base
from cityinfo.kernel.policies import Roles, protect
from tests.postgres import Server

PARTITIONS = 4


def partitioned_database(server: Server, *, name: str) -> Server:
    """A second database on the server whose tenants' tables are partitioned; returns its addresses."""
    other = _beside(server, name)
    _create_database(server, name, owner=make_url(server.owner_url).username or "")
    engine = create_engine(other.owner_url)
    with engine.begin() as connection:
        create_partitioned(connection, server.roles)
    engine.dispose()
    return other


def create_partitioned(connection: Connection, roles: Roles) -> None:
    """Make every table of the models; those of tenants as four partitions, closed like their parents."""
    schema = partitioned_metadata()
    for table in schema.sorted_tables:
        connection.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda index: index.name or ""):
            index.create(connection)
        for partition in partitions_of(table):
            number = partition.rsplit("_", 1)[1]
            connection.execute(
                text(
                    f"CREATE TABLE {partition} PARTITION OF {table.name} "
                    f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
                )
            )
        for name in (table.name, *partitions_of(table)):
            for statement in protect(table, "postgresql", roles, name=name):
                connection.execute(text(statement))
    for key in _keys_added_later(schema):
        connection.execute(AddConstraint(key))


def partitioned_metadata() -> MetaData:
    """A copy of the models' tables, with keys, checks and indexes; tenants' tables say how they are divided."""
    schema = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        copy = table.to_metadata(schema)
        if "tenant_id" in table.c:
            copy.dialect_options["postgresql"]["partition_by"] = "HASH (tenant_id)"
    return schema


def partitions_of(table: Table) -> list[str]:
    return [f"{table.name}_part_{number}" for number in range(PARTITIONS)] if "tenant_id" in table.c else []


def hole_in_row_security(connection: object, table: Table, name: str, roles: Roles) -> str:
    """What is wrong with the way PostgreSQL closes this table or partition; empty when nothing is."""
    execute = connection.execute  # type: ignore[attr-defined]  # a connection of the driver itself
    enabled, forced = execute(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [name]
    ).fetchone()
    found = {
        (policy, tuple(to), command, permissive, _plain(using), _plain(check))
        for policy, to, command, permissive, using, check in execute(
            "SELECT policyname, roles, cmd, permissive, qual, with_check FROM pg_policies WHERE tablename = %s", [name]
        )
    }
    wanted = set(_expected(table, name, roles))
    if wanted and not (enabled and forced):
        return "row-level security is not forced"
    if any(" OR " in f"{using} {check}".upper() for *_, using, check in found):
        return "a policy contains OR"
    return "" if found == wanted else f"policies are {sorted(found)}"


_OWN = "tenant = nullifcurrent_setting'app.tenant'::text, true, ''::text::bigint"


def _expected(table: Table, name: str, roles: Roles) -> Iterator[tuple[object, ...]]:
    if "tenant_id" in table.c:
        own = _OWN.replace("tenant =", "tenant_id =")
        yield (f"{name}_own", (roles.app,), "ALL", "PERMISSIVE", own, own)
    elif table.name == "tenant":
        own = _OWN.replace("tenant =", "id =")
        yield (f"{name}_read", (roles.app,), "SELECT", "PERMISSIVE", "true", "")
        yield (f"{name}_new", (roles.app,), "INSERT", "PERMISSIVE", "", own)
        yield (f"{name}_own", (roles.app,), "UPDATE", "PERMISSIVE", own, own)
        yield (f"{name}_gone", (roles.app,), "DELETE", "PERMISSIVE", own, "")
    else:
        return
    yield (f"{name}_every", (roles.platform,), "SELECT", "PERMISSIVE", "true", "")


def _plain(expression: str | None) -> str:
    """PostgreSQL writes expressions back with parentheses and capitals of its own."""
    return (expression or "").replace("(", "").replace(")", "").replace("NULLIF", "nullif")


def _keys_added_later(schema: MetaData) -> Iterator[ForeignKeyConstraint]:
    for table in schema.sorted_tables:
        for key in table.foreign_key_constraints:
            if key.use_alter:
                yield key


def _beside(server: Server, name: str) -> Server:
    urls = [
        make_url(url).set(database=name).render_as_string(hide_password=False)
        for url in (server.admin_url, server.owner_url, server.app_url)
    ]
    return Server(*urls, roles=server.roles)


def _create_database(server: Server, name: str, *, owner: str) -> None:
    engine: Engine = server.admin()
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name} OWNER {owner}"))
    engine.dispose()
