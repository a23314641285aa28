"""`cityinfo municipalities`: the public directory from which the form of a new city is filled in."""

from __future__ import annotations

from pathlib import Path

import click

from cityinfo.kernel.errors import Invalid

from .importer import opened_database


@click.group()
def municipalities() -> None:
    """The public directory of municipalities."""


@municipalities.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sample", is_flag=True, help="Take the few rows that come with the program.")
@click.option("--shrink", is_flag=True, help="Take the file although it lacks much of what is known.")
def import_(*, file: Path | None, sample: bool, shrink: bool) -> None:
    """Let the directory be what stands in FILE: the “Auszug GV” of destatis.de as it is (.xlsx), or a table like it.

    All of it or nothing; safe to repeat. The list names the postal code of each town hall alone. Whoever shows
    it names its source: © Statistisches Bundesamt (Destatis), dl-de/by-2-0.
    """
    from cityinfo.features import municipalities as features
    from cityinfo.kernel.db import NO_TENANT
    from cityinfo.kernel.facts import Actor

    if (file is None) != sample:
        raise Invalid("municipality.choice", "Name a file, or take --sample.")
    wanted = features.facts_in(features.rows_of(file or features.SAMPLE))
    with opened_database() as database, database.unit_of_work(NO_TENANT, write=True) as db:
        report = features.bring_in(db, wanted, shrink=shrink, actor=Actor("terminal"))
    counts = (("new", report.created), ("changed", report.changed), ("gone", report.gone))
    click.echo(f"{', '.join(f'{number} {word}' for word, number in counts)}, {report.unchanged} as before")
