"""Runs migrations. `cityinfo db upgrade` hands in the engine of the owning role and the names of the others."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine

from cityinfo import registry
from cityinfo.kernel.db import Base

assert registry.FEATURES  # importing the registry imports every model


def run() -> None:
    engine: Engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # A batch change copies the table and drops the old one: with foreign keys on, children would go with it.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.commit()
        _migrate(connection)
    engine.dispose()


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        include_object=_is_ours,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _is_ours(item: Any, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """Partitions are reflected as tables of their own, and as what keys lead to; they belong to their table."""
    if kind == "foreign_key_constraint" and reflected:
        return "_part_" not in item.elements[0].target_fullname
    return not (kind == "table" and reflected and compare_to is None and "_part_" in (name or ""))


run()
