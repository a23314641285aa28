"""`cityinfo tenants clone`: a new city made from another one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.kernel.i18n import say

from . import working
from .importer import MOST_LINES, first
from .tenants import opened_library

if TYPE_CHECKING:
    from cityinfo.features.media import Library
    from cityinfo.features.onboarding import Choices, CityDraft, Conflict, Plan, Requested
    from cityinfo.kernel.jobs import Job


@click.command()
@click.argument("source")
@click.argument("slug")
@click.option("--name", required=True, help="Name of the new city, such as “Augsburg”.")
@click.option("--prefix", default="", help="What stands before the name, such as “Stadt”.")
@click.option("--official-key", default="", help="Official municipality key, 8 or 12 digits.")
@click.option("--postal-code", "postal_codes", multiple=True, help="Five digits; may be repeated.")
@click.option("--language", "languages", multiple=True, help="Only these languages, and what they are translated from.")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds of content, such as page or location.")
@click.option("--below", type=int, help="Only this page, by its number, and all below it.")
@click.option("--drafts", is_flag=True, help="Everything comes unpublished.")
@click.option(
    "--key", default="", help="The same key never makes a second city; otherwise SOURCE and SLUG are the key."
)
@click.option("--dry-run", is_flag=True, help="Only say what would come and what would be lost.")
def clone(
    *,
    source: str,
    slug: str,
    name: str,
    prefix: str,
    official_key: str,
    postal_codes: Sequence[str],
    languages: Sequence[str],
    kinds: Sequence[str],
    below: int | None,
    drafts: bool,
    key: str,
    dry_run: bool,
) -> None:
    """Make the new city SLUG from the city SOURCE: content, files and settings, never people or secrets.

    The new city is hidden until someone shows it. Safe to repeat: the same command goes on with what it began.
    """
    from cityinfo.features import onboarding

    city = onboarding.CityDraft(
        slug=slug, name=name, prefix=prefix, official_key=official_key, postal_codes=tuple(postal_codes)
    )
    choices = onboarding.Choices(languages=frozenset(languages), kinds=frozenset(kinds), below=below, drafts=drafts)
    with opened_library() as library:
        for line in plan_lines(onboarding.plan(library.database, source, choices)):
            click.echo(line)
        if not dry_run:
            _clone(library, source, city, choices, key=key)


@click.command("undo-clone")
@click.argument("slug")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
def undo_clone(*, slug: str, dry_run: bool) -> None:
    """Delete the city SLUG, which was cloned and in which nobody has worked since: all rows and all files.

    The record of what was done there stays, as it does everywhere.
    """
    from cityinfo.features import onboarding
    from cityinfo.kernel import jobs
    from cityinfo.kernel.facts import Actor

    from .importer import tenant_id

    with opened_library() as library:
        database, city = library.database, tenant_id(library.database, slug)
        with database.unit_of_work(city) as db:
            for name, number in sorted(onboarding.counts(db).items()):
                click.echo(f"{name:<24} {number:>8}")
        if dry_run:
            return
        database.wake = None
        job = onboarding.undo(database, city, actor=Actor("terminal"))
        jobs.run_job(database, {onboarding.UNDO: partial(onboarding.delete_all, store=library.store)}, city, job)
        _end(working.find(database, city, job))
    click.echo(f"{slug}: deleted; no row and no file is left but the record of what was done")


def plan_lines(plan: Plan) -> Iterator[str]:
    """What would come, in lines for a person."""
    yield f"From {plan.source}: {' '.join(plan.languages)}"
    for kind, number in plan.entries.items():
        yield f"{kind:<14} {number:>6}"
    yield f"{'texts':<14} {plan.texts.total():>6}"
    yield f"{'files':<14} {plan.files:>6}  {plan.bytes / 1_000_000:.1f} MB"
    for (kind, reason), number in sorted(plan.left.items()):
        yield f"Stays behind: {number} {kind}, {reason}"
    if plan.conflicts:
        yield f"Leads to what stays behind: {len(plan.conflicts)}"
        yield from first([f"{line} ({number} times)" for line, number in _counted(plan).most_common(MOST_LINES + 1)])


def _counted(plan: Plan) -> Counter[str]:
    def said(one: Conflict) -> str:
        holder = plan.titles.get(one.entry_id or 0, str(one.entry_id))
        return f"{one.role} from “{holder}” to “{plan.titles.get(one.target_id, one.target_id)}” {one.outcome}"

    return Counter(said(one) for one in plan.conflicts)


def _clone(library: Library, source: str, city: CityDraft, choices: Choices, *, key: str) -> None:
    from cityinfo.features import onboarding
    from cityinfo.kernel.facts import Actor

    library.database.wake = None  # done here; should this process die, the worker finds the job by itself
    requested = onboarding.request(library.database, source, city, choices, key=key, actor=Actor("terminal"))
    if requested.known:
        click.echo(f"{city.slug}: asked for before, going on")
    bring(library, requested)
    with library.database.unit_of_work(requested.tenant_id) as db:
        report = onboarding.clone_of(db).report
    click.echo(f"{city.slug}: cloned; hidden until its status is active")
    click.echo(f"Documents that readers will see: {report['documents']}")


def bring(library: Library, requested: Requested) -> None:
    """Do the job of a clone, or watch whoever does."""
    from cityinfo import registry
    from cityinfo.features import onboarding

    with working.progress("cloning") as show:
        clone = partial(registry.STORE_JOBS[onboarding.CLONE], store=library.store, watch=show)
        known = {onboarding.CLONE: clone}
        job = working.finish(library.database, requested.tenant_id, requested.job_id, known, show=show)
    _end(job)


def _end(job: Job) -> None:
    from cityinfo.kernel import jobs

    if job.failure == jobs.CANCELLED:
        raise Invalid("clone.cancelled", "The clone was called off.")
    if job.failure:
        raise Unavailable("clone.failed", say("The clone failed: {failure}.", failure=job.failure))
