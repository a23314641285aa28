"""`cityinfo tenants delete` and `restore`: a city's end, and its way back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from cityinfo.kernel.errors import NotFound, Unavailable
from cityinfo.kernel.i18n import say
from cityinfo.settings import Settings

from . import working
from .tenants import opened_library

if TYPE_CHECKING:
    from cityinfo.features.deletion import Deletion, Preview
    from cityinfo.features.media import Library
    from cityinfo.features.tenants import Tenant
    from cityinfo.kernel.db import Database
    from cityinfo.kernel.jobs import Job

_REASON = "from the terminal"


@click.command("delete")
@click.argument("slug")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@click.option("--now", is_flag=True, help="Without a time of grace: delete it here and now, for good.")
def delete_tenant(*, slug: str, dry_run: bool, now: bool) -> None:
    """Close the city SLUG at once, and delete everything of it after a time of grace.

    Until then `tenants restore SLUG` brings it back as it was, and `tenants export SLUG PLACE` writes its archive.
    """
    with opened_library() as library:
        tenant = _found(library.database, slug)
        for line in _preview_lines(library.database, tenant.id):
            click.echo(line)
        if dry_run:
            return
        due = _close(library.database, tenant, now=now)
        if not now:
            click.echo(f"{slug}: closed; deleted for good after {due:%Y-%m-%d %H:%M} UTC")
            click.echo(f"To keep a copy: cityinfo tenants export {slug} {slug}.zip")
            click.echo(f"To bring it back: cityinfo tenants restore {slug}")
            return
        _delete(library, tenant.id)
        proof = _state(library.database, tenant.id).proof
    click.echo(f"{slug}: deleted; no row and no file is left ({proof['tables']} tables counted)")


@click.command("restore")
@click.argument("slug")
def restore_tenant(*, slug: str) -> None:
    """Bring the closed city SLUG back as it was, its status included, as long as its deletion has not begun."""
    from cityinfo.features import deletion, tenants
    from cityinfo.kernel.facts import Actor

    with opened_library() as library:
        tenant = _found(library.database, slug)
        with library.database.unit_of_work(tenant.id, write=True) as db:
            deletion.restore(db, reason=_REASON, actor=Actor("terminal"))
            status = tenants.own(db).status
    click.echo(f"{slug}: restored; its status is {status}")


def _found(database: Database, slug: str) -> Tenant:
    from cityinfo.features import tenants
    from cityinfo.kernel.db import NO_TENANT

    with database.unit_of_work(NO_TENANT) as db:
        return tenants.at(db, slug) or tenants.find(db, slug)


def _preview_lines(database: Database, tenant_id: int) -> Iterator[str]:
    from cityinfo.features import deletion

    with database.unit_of_work(tenant_id) as db:
        found: Preview = deletion.preview(db)
    figures = {**found.entries, "texts": found.texts, "files": found.files, "people": found.people}
    figures |= {"tokens": found.tokens, "webhooks": found.webhooks, "feedback": found.feedback, "rows": found.rows}
    yield from (f"{name:<14} {number:>8}" for name, number in figures.items())
    yield f"{'bytes':<14} {found.bytes:>8}"


def _close(database: Database, tenant: Tenant, *, now: bool) -> datetime:
    """Close the city, or find it closed already; with `now` nothing is waited for."""
    from cityinfo.features import deletion
    from cityinfo.kernel.facts import Actor

    database.wake = None if now else database.wake  # done here; should this process die, the worker finds the job
    grace = timedelta() if now else timedelta(days=Settings.from_environment().deletion_grace_days)
    with database.unit_of_work(tenant.id, write=True) as db:
        known = deletion.deletion_of(db, tenant.id)
        if known is None or not now:
            return deletion.close(db, tenant.slug, grace=grace, reason=_REASON, actor=Actor("terminal"))
        deletion.hasten(db, tenant.slug)
        return known.due_at


def _delete(library: Library, tenant_id: int) -> None:
    """Do the job, or wait for whoever does."""
    from cityinfo.features import deletion
    from cityinfo.kernel import jobs

    with working.progress("deleting") as show:
        wired = {deletion.DELETE: partial(deletion.delete_city, store=library.store, watch=show)}
        while (job := _job(library.database, tenant_id)) is not None:
            if job.failure and jobs.state_of(job) != jobs.RUNNING:
                raise Unavailable("deletion.failed", say("The deletion failed: {failure}.", failure=job.failure))
            if jobs.state_of(job) == jobs.RUNNING:
                time.sleep(working.POLL)
            jobs.run_job(library.database, wired, tenant_id, job.id)
    deletion.finish(library.database, store=library.store)


def _job(database: Database, tenant_id: int) -> Job | None:
    """The job, which goes with the city's last row."""
    from cityinfo.kernel import jobs

    try:
        with database.unit_of_work(tenant_id) as db:
            return jobs.find(db, _state(database, tenant_id).job_id)
    except NotFound:
        return None


def _state(database: Database, tenant_id: int) -> Deletion:
    from cityinfo.features import deletion
    from cityinfo.kernel.db import NO_TENANT

    with database.unit_of_work(NO_TENANT) as db:
        return deletion.find(db, tenant_id)
