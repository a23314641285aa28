"""`cityinfo tenants move-in` and `switch`: a city brought here from another system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.kernel.i18n import say
from cityinfo.settings import Settings

from . import working
from .importer import first, opened_database, tenant_id
from .tenants import opened_library

if TYPE_CHECKING:
    from cityinfo.features.media import Library
    from cityinfo.kernel.jobs import Job


@click.command("move-in")
@click.argument("source")
@click.argument("slug")
@click.option("--region", default="", help="What the old server calls the city, if not SLUG.")
@click.option("--name", default="", help="Full name, such as “Landkreis Augsburg”, if the source does not tell it.")
@click.option("--official-key", default="", help="Official municipality key, 8 or 12 digits.")
@click.option("--postal-code", "postal_codes", multiple=True, help="Five digits; may be repeated.")
@click.option("--host", "hosts", multiple=True, help="Another name of the old server, from which files may come.")
@click.option("--report", "report_file", type=click.Path(dir_okay=False, path_type=Path), help="Details, as JSON.")
def move_in(*, source: str, slug: str, report_file: Path | None, **about: Any) -> None:
    """Bring the city SLUG here from SOURCE: the address of an Integreat server, or a folder of its answers.

    Safe to repeat: each run brings what has changed there since, and leaves what was edited here. An interrupted one
    goes on. A new city is hidden until someone shows it.
    """
    from cityinfo.features import moving

    about["hosts"] = [one.lower() for one in about["hosts"]]
    with opened_library() as library:
        report = _move(library, source, moving.CityChoices(slug=slug, **about))
    for line in report_lines(slug, report):
        click.echo(line)
    if report_file is not None:
        _write(report, report_file)


@click.command("switch")
@click.argument("slug")
def switch(*, slug: str) -> None:
    """From now on the city SLUG is written here: what still comes stops, and later runs are refused."""
    from cityinfo.features import moving
    from cityinfo.kernel.facts import Actor

    with opened_database() as database, database.unit_of_work(tenant_id(database, slug), write=True) as db:
        moving.switch(db, actor=Actor("terminal"))
    click.echo(f"{slug}: written here from now on")


def report_lines(slug: str, report: Mapping[str, Any]) -> Iterator[str]:
    """What a run did, in lines for a person."""
    yield f"{slug}: moved in"
    for kind, counts in report["entries"].items():
        yield f"{kind:<14} {_counts(counts)}"
    for language, counts in report["texts"].items():
        yield f"texts {language:<8} {_counts(counts)}"
    files = report["files"]
    yield f"{'files':<14} {files['new']} new, {files['same']} known, {files['failed']} not to be had"
    yield f"Links turned into references: {report['references']}"
    yield f"Links that lead nowhere: {len(report['nowhere'])}"
    yield from first(f"{page} → {address}" for page, address in report["nowhere"])
    yield f"Markup removed by the sanitiser: {sum(report['removed'].values())}"
    if report["notes"]:
        yield f"To look at: {len(report['notes']) + report['more_notes']}"
        yield from first(f"{where}: {what}" for where, what in report["notes"])
    yield "Not told by the old server: drafts, earlier versions, people and their roles, what was never public."


def _counts(counts: Mapping[str, int]) -> str:
    from cityinfo.features import moving

    return ", ".join(f"{counts[one]} {one}" for one in moving.OUTCOMES if counts.get(one)) or "none"


def _move(library: Library, source: str, choices: Any) -> Mapping[str, Any]:
    from cityinfo.app import open_old_server
    from cityinfo.features import moving
    from cityinfo.kernel.facts import Actor

    server = open_old_server(Settings.from_environment())
    library.database.wake = None  # done here; should this process die, the worker finds the job by itself
    requested = moving.request(library.database, source, choices, server=server, actor=Actor("terminal"))
    if requested.known:
        click.echo(f"{choices.slug}: asked for before, going on")
    with working.progress("moving in") as show:
        move = partial(moving.move_in, store=library.store, limits=library.limits, server=server, show=show)
        known = {moving.MOVE_IN: move}
        job = working.finish(library.database, requested.tenant_id, requested.job_id, known, show=show)
    _end(job)
    with library.database.unit_of_work(requested.tenant_id) as db:
        report: Mapping[str, Any] = moving.runs(db, most=1)[0].report
    return report


def _end(job: Job) -> None:
    from cityinfo.kernel import jobs

    if job.failure == jobs.CANCELLED:
        raise Invalid("moving.cancelled", "The run was called off.")
    if job.failure:
        raise Unavailable(
            "moving.failed", say("It did not come to an end ({failure}); ask again to go on.", failure=job.failure)
        )


def _write(report: Mapping[str, Any], file: Path) -> None:
    import orjson

    file.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
