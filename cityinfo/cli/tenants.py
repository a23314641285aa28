"""`cityinfo tenants`: the cities on this service."""

from __future__ import annotations

import click

from cityinfo.settings import Settings


@click.group()
def tenants() -> None:
    """The cities on this service."""


@tenants.command("list")
def list_tenants() -> None:
    """Every tenant that is not archived: address, status, languages, documents that readers see."""
    from cityinfo.app import open_database
    from cityinfo.features import publishing, tenants
    from cityinfo.kernel.db import NO_TENANT

    database = open_database(Settings.from_environment())
    try:
        with database.unit_of_work(NO_TENANT) as db:
            found = list(tenants.directory(db))
        for tenant in found:
            with database.unit_of_work(tenant.id) as db:
                documents = publishing.documents_count(db)
            languages = " ".join(tenant.languages)
            click.echo(f"{tenant.slug:<24} {tenant.status:<9} {documents:>6}  {tenant.full_name} ({languages})")
    finally:
        database.dispose()
