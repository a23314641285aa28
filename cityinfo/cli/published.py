"""`cityinfo published`: look after the documents that readers see."""

from __future__ import annotations

import click

from .cities import opened

tenant_option = click.option("--tenant", "slug", help="Only this tenant; otherwise all that are not archived.")


@click.group()
def published() -> None:
    """Published documents: compare them with what editors released, write them anew."""


@published.command()
@tenant_option
def verify(slug: str | None) -> None:
    """Recompute everything and report what differs; fails when something does."""
    from cityinfo.registry import PROJECTOR

    found = 0
    with opened(slug) as (database, tenants):
        for tenant in tenants:
            with database.unit_of_work(tenant.id) as db:
                for difference in PROJECTOR.verify(db):
                    found += 1
                    where = difference.language or "all languages"
                    click.echo(f"{tenant.slug}, {where}: {difference.kind} {difference.entry_id} {difference.fault}")
        click.echo(f"{found} differences in {len(tenants)} tenants.")
    if found:
        raise SystemExit(1)


@published.command()
@tenant_option
def rebuild(slug: str | None) -> None:
    """Write what differs from a full recomputation. Followers of the feed go on as before."""
    from cityinfo.registry import PROJECTOR

    with opened(slug) as (database, tenants):
        for tenant in tenants:
            with database.unit_of_work(tenant.id, write=True) as db:
                click.echo(f"{tenant.slug}: {PROJECTOR.rebuild(db)} documents written.")


@published.command("new-epoch")
@tenant_option
def new_epoch(slug: str | None) -> None:
    """Make every follower start again. Required after a database was restored from a backup."""
    from cityinfo.features import publishing

    with opened(slug) as (database, tenants):
        for tenant in tenants:
            with database.unit_of_work(tenant.id, write=True) as db:
                click.echo(f"{tenant.slug}: epoch {publishing.new_epoch(db)}.")
