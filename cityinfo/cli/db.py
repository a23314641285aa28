"""`cityinfo db`: the schema."""

from __future__ import annotations

import click

from cityinfo.settings import Settings


@click.group()
def db() -> None:
    """The database: bring it up to date, ask whether it is."""


@db.command()
def upgrade() -> None:
    """Run missing migrations and bring the registry of languages up to date."""
    from cityinfo import schema
    from cityinfo.app import open_database
    from cityinfo.features import tenants
    from cityinfo.kernel.db import NO_TENANT

    settings = Settings.from_environment()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    schema.upgrade(settings)
    database = open_database(settings)
    try:
        with database.unit_of_work(NO_TENANT, write=True) as work:
            tenants.register_languages(work)
    finally:
        database.dispose()
    click.echo(f"The database is at {schema.newest_revision()}.")


@db.command()
def check() -> None:
    """Fail unless the database answers, is up to date and its role respects the wall between tenants."""
    from cityinfo import schema
    from cityinfo.app import open_database

    database = open_database(Settings.from_environment())
    try:
        schema.check_migrations(database)  # the connection it opens checks the role
    finally:
        database.dispose()
    click.echo(f"The database is at {schema.newest_revision()}.")
