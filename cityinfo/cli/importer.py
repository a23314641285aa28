"""`cityinfo import`: content from other systems."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say
from cityinfo.settings import Settings

if TYPE_CHECKING:
    from cityinfo.features.imports import Counts, Dump, Report
    from cityinfo.kernel.db import Database

T = TypeVar("T")

MOST_LINES = 20


@click.group("import")
def importing() -> None:
    """Bring in content from other systems. Safe to repeat: what stands already is not touched."""


@importing.command()
@click.argument("slug")
@click.option("--name", default="", help="Full name, such as “Landkreis Augsburg”. A new city needs one.")
@click.option(
    "--language",
    "sources",
    multiple=True,
    required=True,
    metavar="LANGUAGE=SOURCE",
    help="File or address of a v3 `pages` answer. The first one is the language others are translated from.",
)
@click.option("--official-key", default="", help="Official municipality key, 8 or 12 digits.")
@click.option("--postal-code", "postal_codes", multiple=True, help="Five digits; may be repeated.")
@click.option("--time-zone", default="", help="Such as Europe/Berlin, which a new city gets.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="File for all details, as JSON.",
)
def integreat(
    *,
    slug: str,
    name: str,
    sources: Sequence[str],
    official_key: str,
    postal_codes: Sequence[str],
    time_zone: str,
    report_file: Path | None,
) -> None:
    """Create or update the city SLUG from the pages of an Integreat region.

    Everything is checked before anything is written; then all of it is written, or nothing.
    """
    from cityinfo.features import imports

    _check_folder(report_file)
    plan = imports.plan([_dump(source) for source in sources], watch=watch)
    city = imports.CityFacts(
        slug=slug, name=name, official_key=official_key, postal_codes=postal_codes, time_zone=time_zone
    )
    with opened_database() as database:
        report = imports.import_pages(database, plan, city, watch=watch)
    for line in summary(report):
        click.echo(line)
    if report_file is not None:
        _write(report, report_file)


@contextmanager
def opened_database() -> Iterator[Database]:
    """The database of the settings in force; refuses one that is not up to date."""
    from cityinfo import schema
    from cityinfo.app import open_database

    database = open_database(Settings.from_environment())
    try:
        schema.check_migrations(database)
        yield database
    finally:
        database.dispose()


def tenant_id(database: Database, slug: str) -> int:
    """The city of that slug."""
    from cityinfo.features import tenants
    from cityinfo.kernel.db import NO_TENANT

    with database.unit_of_work(NO_TENANT) as db:
        return tenants.find(db, slug).id


def watch(step: str, items: Sequence[T]) -> Iterable[T]:
    """A bar that grows on a terminal, nothing anywhere else."""
    return _bar(step, items) if sys.stderr.isatty() else items


def summary(report: Report) -> Iterator[str]:
    """What an import did, in lines for a person."""
    yield from _changes(report)
    found = report.findings
    yield f"Links turned into references: {found.references}"
    yield f"Links that point nowhere: {len(found.nowhere)}"
    yield from first(
        f"{link.page} → {link.address}" + (f" (an older address of {link.instead})" if link.instead else "")
        for link in found.nowhere
    )
    yield f"Markup removed by the sanitiser: {sum(sum(where.values()) for where in found.removed.values())}"
    yield from first(_removed(found.removed))
    if report.notes:
        yield f"Texts that were edited or taken offline here: {len(report.notes)}"
        yield from first(f"{note.where}: {note.what}" for note in report.notes)
    if report.missing:
        yield f"No longer in the files, left as they are: {len(report.missing)}"
        yield from first(report.missing)


def _changes(report: Report) -> Iterator[str]:
    if report.nothing_changed:
        yield f"{report.tenant}: nothing changed, everything stands already."
    else:
        how = "created" if report.new_tenant else "updated"
        yield f"{report.tenant}: {how}; {_number(report.documents, 'published document')} changed."
    yield f"Pages: {_counts(report.pages)}"
    yield f"Texts: {_counts(report.texts)}"


def _counts(counts: Counts) -> str:
    return f"{counts.total} ({counts.created} new, {counts.changed} changed, {counts.unchanged} unchanged)"


def _removed(removed: dict[str, dict[str, int]]) -> Iterator[str]:
    for what, where in sorted(removed.items(), key=lambda item: -sum(item[1].values())):
        yield f"{what}: {sum(where.values())} on {_number(len(where), 'page')}, such as {next(iter(where))}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def first(lines: Iterable[str]) -> Iterator[str]:
    """The beginning of a list, and how much more there is."""
    known = list(lines)
    yield from (f"  {line}" for line in known[:MOST_LINES])
    if len(known) > MOST_LINES:
        yield f"  … and {len(known) - MOST_LINES} more"


def _bar(step: str, items: Sequence[T]) -> Iterator[T]:
    with click.progressbar(items, label=step, file=sys.stderr) as bar:
        yield from bar


def _dump(source: str) -> Dump:
    from urllib.parse import urlsplit

    from cityinfo.app import open_addresses
    from cityinfo.features import imports

    language, sign, place = source.partition("=")
    if not (language and sign and place):
        raise Invalid(
            "import.source", say("“{source}” is no source; write it as de=FILE or de=ADDRESS.", source=source)
        )
    if "://" not in place:
        return imports.parse(read(Path(place)), name=place, language=language)
    raw = open_addresses().fetch(place, most=imports.MOST_FILE)
    return imports.parse(raw, name=place, language=language, host=urlsplit(place).hostname or "")


def read(file: Path) -> bytes:
    """A file someone named; `Invalid` when it cannot be read."""
    from cityinfo.features import imports

    try:
        size = file.stat().st_size
        if size > imports.MOST_FILE:
            raise Invalid(
                "import.too_large",
                say(
                    "{file}: the file has {size} bytes; {most} is the most.",
                    file=file,
                    size=size,
                    most=imports.MOST_FILE,
                ),
            )
        return file.read_bytes()
    except OSError as error:
        raise Invalid("import.file", say("{file}: {strerror}.", file=file, strerror=error.strerror)) from None


def _check_folder(report_file: Path | None) -> None:
    if report_file is not None and not report_file.absolute().parent.is_dir():
        raise Invalid(
            "import.report", say("{report_file}: there is no such folder for the report.", report_file=report_file)
        )


def _write(report: Report, file: Path) -> None:
    import orjson

    file.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
