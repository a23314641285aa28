"""`cityinfo demo`: an invented city to look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import cityinfo
from cityinfo.settings import Settings

from .importer import opened_database, summary, watch

if TYPE_CHECKING:
    from cityinfo.kernel.db import Database

FOLDER = Path(cityinfo.__file__).parent.parent / "tenants" / "musterstadt"


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a city already.")
def demo(*, if_empty: bool) -> None:
    """Create or update the invented town Musterstadt. Safe to repeat."""
    from cityinfo.app import open_library, open_store
    from cityinfo.features import imports

    settings = Settings.from_environment()
    with opened_database() as database:
        if if_empty and _has_cities(database):
            return
        report = imports.import_archive(database, imports.read_folder(FOLDER), watch=watch)
        library = open_library(settings, database, open_store(settings))
        new = imports.import_entries(library, FOLDER.name, FOLDER)
    for line in summary(report):
        click.echo(line)
    click.echo(f"Places, dates, offers, news and who stands behind them: {new} new")


def _has_cities(database: Database) -> bool:
    from cityinfo.features import imports
    from cityinfo.kernel.db import NO_TENANT

    with database.unit_of_work(NO_TENANT) as db:
        return imports.any_tenant(db)
