"""`cityinfo templates`: what a template has learned, brought to the cities that follow it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from .importer import opened_database, tenant_id
from .tenants import opened_library

if TYPE_CHECKING:
    from cityinfo.features.media import Library
    from cityinfo.features.tenants import Tenant
    from cityinfo.kernel.db import Database


@click.group()
def templates() -> None:
    """Cities that others follow, and what waits there."""


@templates.command()
@click.argument("slug")
@click.option("--now", is_flag=True, help="Do it here instead of leaving it to the worker.")
def push(*, slug: str, now: bool) -> None:
    """Tell every city that follows SLUG to fetch what is new there. Safe to repeat."""
    from cityinfo.features import upstream

    with opened_library() as library:
        if now:
            library.database.wake = None  # done here; should this process die, the worker finds the jobs by itself
        source = tenant_id(library.database, slug)
        number = upstream.enqueue_followers(library.database, only=source)
        click.echo(f"{slug}: {number} {'city follows' if number == 1 else 'cities follow'}")
        if now:
            _fetch(library, source)


@templates.command()
@click.argument("slug")
def status(*, slug: str) -> None:
    """For every city that follows SLUG: how much waits there, by where it stands, and what diverges."""
    from cityinfo.features import upstream
    from cityinfo.features.upstream import Standing

    with opened_database() as database:
        source = tenant_id(database, slug)
        for city in _followers(database, source):
            with database.unit_of_work(city.id) as db:
                following = upstream.find_following(db, source)
                counts = upstream.counts(db, source_id=source)
                differing = upstream.told(db, following).differing.values()
            changed = sum(one == upstream.CHANGED for one in differing)
            waits = ", ".join(f"{counts[one]} {one}" for one in Standing if counts.get(one)) or "nothing waits"
            read = f"{following.read_at:%Y-%m-%d %H:%M}" if following.read_at else "never"
            click.echo(f"{city.slug:<24} read {read:<16}  {waits}; {changed} changed there")


def _followers(database: Database, source_id: int) -> Sequence[Tenant]:
    """The cities that follow one, by their addresses."""
    from cityinfo.features import tenants, upstream
    from cityinfo.kernel.db import NO_TENANT

    ids = upstream.followers_of(database, source_id)
    with database.unit_of_work(NO_TENANT) as db:
        found = [tenants.by_id(db, one) for one in ids]
    return sorted((one for one in found if one is not None), key=lambda one: one.slug)


def _fetch(library: Library, source_id: int) -> None:
    """One city after the other; what fails in one is said and left to the worker."""
    from functools import partial

    from cityinfo import registry
    from cityinfo.features import upstream
    from cityinfo.kernel import jobs

    receive = partial(registry.STORE_JOBS[upstream.RECEIVE], store=library.store)
    failed = []
    with click.progressbar(_followers(library.database, source_id), label="fetching") as cities:
        for city in cities:
            with library.database.unit_of_work(city.id) as db:
                promised = [one.id for one in upstream.fetches(db, source_id)]
            for job_id in promised:
                jobs.run_job(library.database, {upstream.RECEIVE: receive}, city.id, job_id)
                with library.database.unit_of_work(city.id) as db:
                    failure = jobs.find(db, job_id).failure
                failed += [f"{city.slug}: {failure}"] if failure else []
    for line in failed:
        click.echo(line, err=True)
