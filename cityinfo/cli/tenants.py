"""`cityinfo tenants`: the cities on this service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cityinfo.settings import Settings

from .importer import first, opened_database

if TYPE_CHECKING:
    from cityinfo.features.archives import Report
    from cityinfo.features.media import Library


@click.group()
def tenants() -> None:
    """The cities on this service."""


@tenants.command("list")
def list_tenants() -> None:
    """Every tenant that is not archived: address, status, languages, documents that readers see; then closed ones."""
    from cityinfo.app import open_database
    from cityinfo.features import deletion, publishing, tenants
    from cityinfo.kernel.db import NO_TENANT

    database = open_database(Settings.from_environment())
    try:
        with database.unit_of_work(NO_TENANT) as db:
            found = list(tenants.directory(db))
            closed = deletion.deletions(db, step=deletion.STEPS[:-2], most=None)
        for tenant in found:
            with database.unit_of_work(tenant.id) as db:
                documents = publishing.documents_count(db)
            languages = " ".join(tenant.languages)
            click.echo(f"{tenant.slug:<24} {tenant.status:<9} {documents:>6}  {tenant.full_name} ({languages})")
        for row in closed:
            click.echo(f"{row.slug:<24} closed            {row.name}, deleted after {row.due_at:%Y-%m-%d %H:%M} UTC")
    finally:
        database.dispose()


@tenants.command()
@click.argument("slug")
@click.argument("place", type=click.Path(path_type=Path))
@click.option(
    "--with",
    "requested",
    default="",
    help="What is left out otherwise, with commas: versions, people, feedback.",
)
def export(*, slug: str, place: Path, requested: str) -> None:
    """Write all that the city SLUG has into the folder PLACE, or into a zip of that name.

    The same content always gives the same bytes, so that two exports can be compared. Earlier versions of texts with
    who wrote them, people (names, addresses, roles)
    and what readers told the city are personal data: they are there only if you ask for them.
    """
    from cityinfo.features import archives

    wanted = [one.strip() for one in requested.split(",") if one.strip()]
    for one in wanted:
        if one not in archives.CHOICES:
            raise click.BadParameter(f"“{one}” cannot be asked for; choose of {', '.join(archives.CHOICES)}.")
    with opened_library() as library:
        count = archives.write_out(archives.collect(library, slug, wanted), place)
    click.echo(f"{slug}: {count} files in {place}")


@tenants.command()
@click.argument("place", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def apply(*, place: Path, dry_run: bool) -> None:
    """Create or update a city from the archive PLACE, a folder or a zip. All of it, or nothing. Safe to repeat.

    What editors wrote here since stays, unless the archive says something new. Nothing is ever deleted.
    """
    from cityinfo.features import archives

    with opened_library() as library, archives.opened(place) as archive:
        report = archives.apply(library, archive, dry_run=dry_run)
    for line in report_lines(report, dry_run=dry_run):
        click.echo(line)


@contextmanager
def opened_library() -> Iterator[Library]:
    """The media library of the settings in force, with its database."""
    from cityinfo.app import open_library, open_store

    settings = Settings.from_environment()
    with opened_database() as database:
        yield open_library(settings, database, open_store(settings))


def report_lines(report: Report, *, dry_run: bool = False) -> Iterator[str]:
    """What applying an archive did, or would do, in lines for a person."""
    would = "would be " if dry_run else ""
    if report.nothing_changed:
        yield f"{report.tenant}: nothing changed"
    elif report.new_tenant:
        yield f"{report.tenant}: {would}created"
    else:
        yield f"{report.tenant}: {would}{'changed' if report.tenant_changed else 'updated'}"
    for kind, counts in report.entries.items():
        yield f"{kind:<14} {counts.created:>5} new {counts.changed:>5} changed {counts.unchanged:>5} unchanged"
    texts = report.texts
    yield f"{'texts':<14} {texts.created:>5} new {texts.changed:>5} changed {texts.unchanged:>5} unchanged"
    yield f"Documents that readers see differently: {report.documents}"
    if report.missing:
        yield f"Only here, not in the archive, and left as they are: {len(report.missing)}"
        yield from first(report.missing)
    if report.notes:
        yield f"Edited here: {len(report.notes)}"
        yield from first(f"{note.where}: {note.what}" for note in report.notes)
