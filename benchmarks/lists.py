"""`make bench`, fifth part: lists of what is not pages, in a city that has a lot of it.

Asked as in the fourth part: 1,000 places, 1,000 events, 1,000 contacts and 5,000 files in a large city, a twentieth of
each in a small one, which shows whether statements become more with them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
from sqlalchemy import insert

from benchmarks import happenings
from benchmarks.cms import SCREEN, Editor, Task, measure, tables
from benchmarks.generate import Shape, fill_entries, generate_city
from benchmarks.serving import DATABASES, Stage, stage
from benchmarks.words import LANGUAGES
from cityinfo import registry
from cityinfo.features import contacts, content, events, locations, media
from cityinfo.features.contacts import Contact
from cityinfo.features.media import MediaFile
from cityinfo.kernel.db import Database

CITY = "lists"
DESCRIBED_IN = LANGUAGES[:2]  # files are described in fewer languages than texts are written in
_SIZE = 500  # bytes of what is said of a contact, or of a file


@dataclass(frozen=True, slots=True)
class Much:
    """How much there is of everything that has a list."""

    places: int
    contacts: int
    files: int


LARGE, SMALL = Much(places=1_000, contacts=1_000, files=5_000), Much(places=50, contacts=50, files=250)


def city_with(database: Database, slug: str, much: Much) -> int:
    """A city that has so much, every text of it public; returns its identity."""
    shape = Shape(pages=50, branches=(10,), languages=LANGUAGES, locations=much.places, events=much.places)
    tenant_id = generate_city(database, slug, shape)
    with database.unit_of_work(tenant_id, write=True) as db:
        people = [db.new_id() for _ in range(much.contacts)]
        files = [db.new_id() for _ in range(much.files)]
        fill_entries(db, contacts.KIND, people, LANGUAGES, size=_SIZE)
        db.execute(insert(Contact), list(happenings.contact_rows(db, people)))
        fill_entries(db, media.KIND, files, DESCRIBED_IN, size=_SIZE)
        db.execute(insert(MediaFile), list(happenings.media_rows(db, files)))
        registry.PROJECTOR.rebuild(db)
    return tenant_id


def screens(editor: Editor) -> Iterator[tuple[str, str]]:
    """What is opened, by its name: every list from its beginning, further on and by a word, and a form of each kind."""
    for name, path, ids in _lists(editor):
        yield name, path
        yield f"{name}, further on", f"{path}?after={ids[len(ids) // 2]}"
        yield f"{name}, by a word", f"{path}?q=a"
        yield f"{name}, archived", f"{path}?archived=1"
        yield f"{name}, one of them", f"{path}/{ids[0]}"
        yield f"{name}, a new one", f"{path}/new"
    file = _ids(editor, media.KIND)[0]
    yield "files", "/media"
    yield "files, by name", "/media?sort=name"
    yield "files, by a word", "/media?q=bild-17"
    yield "files, of a folder", "/media?folder=Ordner+1"
    yield "files, not described", "/media?show=undescribed"
    yield "files, unused", "/media?show=unused"
    yield "files, one of them", f"/media/{file}"
    yield "files, to choose from", "/media/shelf?pick=picture"


def _lists(editor: Editor) -> Iterator[tuple[str, str, list[int]]]:
    kinds = {"places": locations.KIND, "events": events.KIND, "contacts": contacts.KIND}
    paths = {"places": "/locations", "events": "/events", "contacts": "/contacts"}
    for name, kind in kinds.items():
        yield name, paths[name], _ids(editor, kind)


def _ids(editor: Editor, kind: str) -> list[int]:
    all_ids = {one.kind: one.all_ids for one in registry.CONTENT_TYPES}
    with editor.database.unit_of_work(editor.tenant_id) as db:
        return list(all_ids[kind](db))


@click.command()
@click.option("--database", type=click.Choice([*DATABASES, "both"]), default="both", show_default=True)
@click.option("--repeats", default=9, show_default=True, type=click.IntRange(1), help="How often each thing is done.")
def main(*, database: str, repeats: int) -> None:
    """Measure the lists of a city and print tables in Markdown."""
    click.echo("## Lists of what is not pages\n")
    click.echo("1,000 places, events and contacts in ten languages, 5,000 files described in two.\n")
    for kind in DATABASES if database == "both" else (database,):
        click.echo(f"… {kind}: preparing", err=True)
        with tempfile.TemporaryDirectory(prefix="cityinfo-bench-") as folder, stage(kind, Path(folder)) as servers:
            click.echo(tables(f"{kind}, lists", _measured(servers, Path(folder), repeats), small="in a twentieth"))


def _measured(servers: Stage, folder: Path, repeats: int) -> list[Task]:
    editors = []
    for slug, much in ((CITY, LARGE), (f"{CITY}-small", SMALL)):
        tenant_id = city_with(servers.database, slug, much)
        (folder / slug).mkdir()
        editors.append(Editor(servers.database, slug, tenant_id, folder / slug))
    content.complete_words(servers.database)
    servers.settle()
    large, small = (list(_asked(editor, times)) for editor, times in zip(editors, (repeats, 1), strict=True))
    for task, other in zip(large, small, strict=True):
        task.in_small = other.statements
    return large


def _asked(editor: Editor, repeats: int) -> Iterator[Task]:
    for name, path in screens(editor):
        yield measure(editor, Task(name, SCREEN), partial(partial, editor.get, path), repeats)


if __name__ == "__main__":
    main()
