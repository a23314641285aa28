"""The schema as migrations leave it: bring it up to date, ask whether it is."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, create_engine, make_url, text

import cityinfo
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.kernel.errors import Unavailable
from cityinfo.kernel.policies import Roles, protect
from cityinfo.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(cityinfo.__file__).parent.parent / "migrations"


def upgrade(settings: Settings) -> None:
    """Run the migrations that are missing, as the role that owns the tables."""
    from alembic import command  # ten megabytes that no web process needs

    command.upgrade(_config(settings.migration_database, roles_of(settings)), "head")


def roles_of(settings: Settings) -> Roles:
    """Who serves and who reads across tenants; on SQLite there are no roles."""
    return Roles(app=make_url(settings.database).username or "", platform=settings.platform_role)


@cache
def newest_revision() -> str:
    """Files of migrations bear the name of their revision and sort by date."""
    return max(path.stem for path in (MIGRATIONS / "versions").glob("*.py"))


def check_migrations(database: Database) -> None:
    """`Unavailable` while the database is not at the newest revision."""
    with database.unit_of_work(NO_TENANT) as db:
        statement = text("SELECT version_num FROM alembic_version")
        present = db.execute(statement, execution_options={"crosses": "asks for the schema's revision"}).scalar()
    if present != newest_revision():
        raise Unavailable("database.old", "The database is not up to date; run: cityinfo db upgrade")


def create_table(name: str, *parts: Any, **options: Any) -> None:
    """In a migration: create a table and close it, so that no row of another tenant can be read or written."""
    from alembic import op

    close_table(op.create_table(name, *parts, **options))


def close_table(table: Table) -> None:
    """In a migration: close a table that was made, or made anew."""
    from alembic import context, op

    for statement in protect(table, op.get_bind().dialect.name, context.config.attributes["roles"]):
        op.execute(statement)


def _config(url: str, roles: Roles) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = create_engine(url)
    config.attributes["roles"] = roles
    return config
