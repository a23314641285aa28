"""`cityinfo audit`: who did what, and whether the record of it is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from .cities import opened

if TYPE_CHECKING:
    from cityinfo.features.audit import AuditRow, Wanted

_DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.group()
def audit() -> None:
    """The record of all changes: look at it, hand it on, check that nobody rewrote it."""


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    options = (
        click.option("--actor", default="", help="Only what this actor did, as the list writes it."),
        click.option("--kind", default="", help="Only things of this kind, such as page."),
        click.option("--entry", "entry_id", type=int, help="Only the thing with this number."),
        click.option("--since", type=_DAY, help="Only from this day or moment (UTC) on."),
        click.option("--until", type=_DAY, help="Only before this day or moment (UTC)."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@audit.command()
@click.argument("tenant", required=False)
@click.option("--all", "everyone", is_flag=True, help="Every tenant, archived ones included, and the platform.")
def verify(tenant: str | None, *, everyone: bool) -> None:
    """Follow the chain of a tenant's record; fails with the first row that does not hold.

    Who owns the database could write the whole chain anew: keep the digests this prints elsewhere.
    """
    from cityinfo.features import audit as records
    from cityinfo.kernel.db import NO_TENANT

    if bool(tenant) == everyone:
        raise click.UsageError("Name a tenant, or say --all.")
    broken = False
    with opened(tenant, archived=True) as (database, cities):
        logs = [(city.slug, city.id) for city in cities] + ([("(platform)", NO_TENANT)] if everyone else [])
        for name, whose in logs:
            with database.unit_of_work(whose) as db:
                chain = records.verify(db)
            broken = broken or bool(chain.fault)
            said = f"row {chain.broken_at} {chain.fault}" if chain.fault else f"whole, ends with {chain.digest}"
            click.echo(f"{name}: {chain.count} rows, {said}.", err=bool(chain.fault))
    if broken:
        raise SystemExit(1)


@audit.command("list")
@click.argument("tenant")
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True)
@click.option("--older", default="", help="Go on where the list before ended.")
@_filters
def list_rows(tenant: str, limit: int, older: str, **wanted: Any) -> None:
    """What was done, newest first."""
    from cityinfo.features import audit as records

    with opened(tenant) as (database, (city,)), database.unit_of_work(city.id) as db:
        page = records.page(db, _wanted(**wanted), limit=limit, older=older)
    for row in page.rows:
        click.echo(_line(row))
    if page.older:
        click.echo(f"Older ones: --older {page.older}", err=True)


@audit.command()
@click.argument("tenant")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@_filters
def export(tenant: str, form: str, **wanted: Any) -> None:
    """Write rows to standard output, oldest first: one JSON object a line, or a table."""
    from cityinfo.features import audit as records

    write = records.csv_lines if form == "csv" else records.json_lines
    with opened(tenant) as (database, (city,)), database.unit_of_work(city.id) as db:
        for line in write(records.each(db, _wanted(**wanted))):
            click.echo(line, nl=False)


def _wanted(since: datetime | None, until: datetime | None, **others: Any) -> Wanted:
    from cityinfo.features.audit import Wanted

    return Wanted(since=_in_utc(since), until=_in_utc(until), **others)


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(tzinfo=UTC)


def _line(row: AuditRow) -> str:
    thing = " ".join(part for part in (row.kind, str(row.entry_id), row.language, row.note) if part)
    return f"{row.at:%Y-%m-%d %H:%M:%S}  {row.seq:>8}  {row.actor:<24} {row.action:<22} {thing}"
