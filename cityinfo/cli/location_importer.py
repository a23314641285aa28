"""`cityinfo import locations`: places from a table or a map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from .importer import first, opened_database, read, tenant_id

if TYPE_CHECKING:
    from cityinfo.features.locations import Checked, Plan, Sheet
    from cityinfo.kernel.db import Database


_AT_ONCE = 25  # places that are taken back in one unit of work


@click.command("locations")
@click.argument("slug")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--column", "columns", multiple=True, metavar="FIELD=HEADING", help="Which column is meant by a field.")
@click.option("--category", default="", help="For rows that name none, by its slug.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--skip-bad", is_flag=True, help="Bring in the good rows although there are bad ones.")
@click.option("--draft", is_flag=True, help="Do not publish the texts.")
@click.option("--undo", type=int, metavar="NUMBER", help="Take an import back, instead of reading a file.")
def locations(
    *,
    slug: str,
    file: Path | None,
    columns: Sequence[str],
    category: str,
    dry_run: bool,
    skip_bad: bool,
    draft: bool,
    undo: int | None,
) -> None:
    """Add locations to the city SLUG from FILE, a table (CSV) or a map (GeoJSON).

    Words can be given in every language of the city (columns name_de, name_en, or --column name.en=HEADING); opening
    hours as OpenStreetMap writes them; phone, e-mail and website become the primary contact of the place.
    A place that is there already, by name, street and postal code, is left as it is. Everything is checked before
    anything is written; then all of it is written, or nothing.
    """
    if (file is None) == (undo is None):
        raise Invalid("import.choice", "Give either a file to read, or --undo with the number of an import.")
    with opened_database() as database:
        if file is None:
            assert undo is not None
            _undo(database, slug, undo)
        else:
            sheet = _sheet(file, columns, _languages(database, slug))
            _bring_in(database, slug, sheet, category, dry_run=dry_run, skip_bad=skip_bad, draft=draft)


def _bring_in(
    database: Database, slug: str, sheet: Sheet, category: str, *, dry_run: bool, skip_bad: bool, draft: bool
) -> None:
    from cityinfo.features import contacts
    from cityinfo.features import locations as features
    from cityinfo.kernel.facts import Actor

    companion = contacts.PrimaryContact()
    with database.unit_of_work(tenant_id(database, slug), write=not dry_run) as db:
        plan = features.plan(db, sheet, companion=companion, category=category)
        for line in _said(plan, sheet):
            click.echo(line)
        if plan.bad and not (skip_bad or dry_run):
            raise Invalid(
                "import.bad_rows",
                say("{number} bad rows: nothing was written; correct or --skip-bad.", number=len(plan.bad)),
            )
        if dry_run or not plan.good:
            click.echo("Nothing was written.")
            return
        actor = Actor("import", "locations")
        number = features.bring_in(db, plan, companion=companion, draft=draft, actor=actor)
    click.echo(f"Import {number} is done; take it back with: cityinfo import locations {slug} --undo {number}")


def _undo(database: Database, slug: str, number: int) -> None:
    from cityinfo.features import contacts
    from cityinfo.features import locations as features
    from cityinfo.kernel.facts import Actor

    opened = partial(database.unit_of_work, tenant_id(database, slug), write=True)
    companion, actor = contacts.PrimaryContact(), Actor("import", "locations")
    removed, left = 0, list[str]()
    with opened() as db:
        features.still_there(db, number)
        ids = features.imported(db, number)
    for some in portions(ids, _AT_ONCE):
        with opened() as db:
            undone = features.undo_some(db, some, companion=companion, actor=actor)
        removed, left = removed + len(undone.removed), [*left, *undone.left]
    with opened() as db:  # at the end, so that it can be tried again when it was interrupted
        features.close(db, number)
    click.echo(f"Import {number} is undone; locations removed: {removed}")
    if left:
        click.echo(f"Left, because someone has worked on them or uses them: {len(left)}")
        click.echo("\n".join(first(left)))


def _said(plan: Plan, sheet: Sheet) -> Iterator[str]:
    yield f"Rows: {len(sheet.rows)} ({len(plan.good)} new, {len(plan.known)} there already, {len(plan.bad)} bad)"
    yield from first(f"row {row.number}: {row.title} ({_more(row)})" for row in plan.good)
    if sheet.ignored:
        yield f"Columns nothing is made of: {', '.join(sheet.ignored)}"
    if plan.bad:
        yield "Bad rows:"
        yield from (f"  row {number}: {why}" for number, why in plan.bad)


def _more(row: Checked) -> str:
    return ", ".join([*row.words, *(["with a contact"] if row.reachable else [])])


def _sheet(file: Path, columns: Sequence[str], languages: Sequence[str]) -> Sheet:
    from cityinfo.features import locations as features

    return features.parse(read(file), name=file.name, columns=_mapping(columns), languages=languages)


def _mapping(columns: Sequence[str]) -> Mapping[str, str]:
    found = {}
    for one in columns:
        field, sign, heading = one.partition("=")
        if not (field and sign and heading):
            raise Invalid("import.column", say("“{one}” names no column; write it as title=Bezeichnung.", one=one))
        name, dot, language = field.partition(".")
        found[f"{'title' if name == 'name' else name}{dot}{language}"] = heading
    return found


def _languages(database: Database, slug: str) -> list[str]:
    from cityinfo.features import tenants
    from cityinfo.kernel.db import NO_TENANT

    with database.unit_of_work(NO_TENANT) as db:
        return list(tenants.find(db, slug).active_languages)
