"""`make bench`, fourth part: what editors wait for, in a city of 2,000 pages in ten languages.

Asked in this process, as an editor who has logged in, without a server: what a screen takes to be made. Beside each
stands a bare Flask view that answers as many bytes, in the same rounds.
"""

from __future__ import annotations

import gzip
import itertools
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

import click
from flask import Flask
from flask.testing import FlaskClient

from benchmarks import report
from benchmarks.generate import Shape, generate_city
from benchmarks.newsroom import EDITOR
from benchmarks.serving import DATABASES, stage
from benchmarks.statements import counted
from benchmarks.words import LANGUAGES
from cityinfo.app import create_app
from cityinfo.features import accounts, content, logins, pages
from cityinfo.features.accounts import MembershipDraft
from cityinfo.features.content import TextDraft
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.settings import Settings
from cityinfo.web import identity

CITY, LANGUAGE = "desk", "de"
SHAPE = Shape(pages=2_000, branches=(20, 10), languages=LANGUAGES)
SCREEN, SAVE, NODES = 150.0, 100.0, 2_500  # milliseconds, milliseconds, elements
LINKS = (0, 40, 400)
PHONE = "0821 324-4711"
_ELEMENT = re.compile(r"<[a-z]")


@dataclass(slots=True)
class Task:
    """Something an editor does, and what it took each time."""

    name: str
    limit: float
    milliseconds: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    statements: int = 0
    size: int = 0
    squeezed: int = 0
    elements: int = 0

    @property
    def reached(self) -> bool:
        return median(self.milliseconds) < self.limit and self.elements < NODES


class Editor:
    """Someone at the screens of the city."""

    def __init__(self, database: Database, tenant_id: int, folder: Path) -> None:
        self.database, self.tenant_id = database, tenant_id
        self.app = create_app(Settings(data_dir=folder), database=database)
        self.client = self._logged_in()
        self.bare = bare_app().test_client()

    def get(self, path: str) -> str:
        answer = self.client.get(f"/cms/{CITY}{path}")
        assert answer.status_code == 200, answer.status
        return answer.get_data(as_text=True)

    def post(self, path: str, fields: Mapping[str, object], *, do: str = "") -> str:
        """As the scripts of the screens do."""
        cookie = self.client.get_cookie("csrf_access_token")
        headers = {"X-CSRF-TOKEN": cookie.value if cookie else "", "Accept": "application/json", "HX-Request": "true"}
        given = {**fields, **({"do": do} if do else {})}
        answer = self.client.post(f"/cms/{CITY}{path}", data=given, headers=headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
        return answer.get_data(as_text=True)

    def _logged_in(self) -> FlaskClient:
        with self.database.unit_of_work(NO_TENANT, write=True) as db:
            account = accounts.create_account(db, "bench@example.org", name="Bench", actor=EDITOR).id
        with self.database.unit_of_work(self.tenant_id, write=True) as db:
            accounts.grant_membership(db, account, MembershipDraft(role=accounts.MANAGER), actor=EDITOR)
        with self.database.unit_of_work(NO_TENANT, write=True) as db:
            session = logins.sessions.begin(db, account)
        client = self.app.test_client()
        with self.app.test_request_context():
            response = self.app.make_response("")
            identity.sign_in(response, session)
        for cookie in response.headers.getlist("Set-Cookie"):
            name, _, rest = cookie.partition("=")
            client.set_cookie(name, rest.partition(";")[0])
        return client


def bare_app() -> Flask:
    """A view that answers as many bytes as it is asked for."""
    app = Flask("bare")
    app.add_url_rule("/<int:size>", "bytes", lambda size: b"x" * size)
    return app


def measure(editor: Editor, task: Task, work: Callable[[], str], repeats: int) -> Task:
    """Do it once unmeasured, then so many times, each beside a bare answer of as many bytes."""
    body = work()
    for _ in range(repeats):
        with counted(editor.database.engine) as seen:
            started = time.perf_counter()
            body = work()
            task.milliseconds.append((time.perf_counter() - started) * 1e3)
        task.statements = len(seen)
        started = time.perf_counter()
        editor.bare.get(f"/{len(body)}")
        task.bare.append((time.perf_counter() - started) * 1e3)
    task.size, task.squeezed = len(body.encode()), len(gzip.compress(body.encode()))
    task.elements = len(_ELEMENT.findall(body))
    return task


def tasks(editor: Editor, repeats: int) -> Iterator[Task]:
    """Everything that is measured, one after the other."""
    tree = _tree(editor)
    numbers = itertools.count()
    screens = {
        "tree": "/pages",
        "tree, three branches open": f"/pages?open={'.'.join(str(one) for one, _ in tree[:3])}",
        "outdated texts": f"/pages?state=outdated&language={LANGUAGES[1]}",
        "missing texts": f"/pages?state=missing&language={LANGUAGES[1]}",
        "search, a word of a text": "/pages?q=Losnummer",
        "search, a phone number": f"/pages?q={PHONE.replace(' ', '+')}",
        "first screen": "/",
        "progress of translations": "/translations",
    }
    pages_with_links = {links: _page_with_links(editor, tree, links) for links in LINKS}
    for name, path in screens.items():
        yield measure(editor, Task(name, SCREEN), partial(editor.get, path), repeats)
    yield measure(editor, Task("move a page", SAVE), _Moving(editor, tree[0][1], numbers), repeats)
    for links, page in pages_with_links.items():
        here = f"/pages/{page}/{LANGUAGE}"
        yield measure(editor, Task(f"open the editor, {links} links", SCREEN), partial(editor.get, here), repeats)
        for name, to in (("autosave", f"{here}/autosave"), ("save", here), ("publish", here)):
            work = _Writing(editor, page, to, "" if name == "autosave" else name, numbers)
            yield measure(editor, Task(f"{name}, {links} links", SAVE), work, repeats)


@dataclass(slots=True)
class _Writing:
    """Sends a text that says something new each time."""

    editor: Editor
    page: int
    to: str
    do: str
    numbers: Iterator[int]

    def __call__(self) -> str:
        title, words, revision, version = _words(self.editor, self.page)
        said = f"{words.partition('<p>Nummer')[0]}<p>Nummer {next(self.numbers)}</p>"
        fields = {"title": title, "content": said, "revision": revision, "version": version}
        return self.editor.post(self.to, fields, do=self.do)


@dataclass(slots=True)
class _Moving:
    """Moves a page down and up again."""

    editor: Editor
    page: int
    numbers: Iterator[int]

    def __call__(self) -> str:
        with self.editor.database.unit_of_work(self.editor.tenant_id) as db:
            revision = content.find_entry(db, self.page).revision
        way = ("down", "up")[next(self.numbers) % 2]
        return self.editor.post(f"/pages/{self.page}/move", {"way": way, "revision": revision})


def _words(editor: Editor, page: int) -> tuple[str, str, int, int]:
    with editor.database.unit_of_work(editor.tenant_id) as db:
        text = content.find_text(db, page, LANGUAGE)
        current = content.version(db, text.current_version_id)
        assert current is not None
        return current.title, current.content, text.revision, current.id


def _tree(editor: Editor) -> list[tuple[int, int]]:
    """The first level, each with the first page below."""
    with editor.database.unit_of_work(editor.tenant_id) as db:
        top = pages.children(db, None)
        return [(one.id, pages.children(db, one.id)[0].id) for one in top]


def _page_with_links(editor: Editor, tree: Sequence[tuple[int, int]], links: int) -> int:
    with editor.database.unit_of_work(editor.tenant_id, write=True) as db:
        ids = list(itertools.islice(pages.parents(db), links))
        words = "".join(f'<p>Mehr dazu: <a href="entry:{one}">Seite {one}</a>.</p>' for one in ids)
        draft = TextDraft(title=f"Mit {links} Verweisen", content=f"<p>Losnummer, {PHONE}.</p>{words}")
        return pages.create(db, draft, language=LANGUAGE, under=tree[0][0], actor=EDITOR).id


_HEAD = (
    "what",
    "goal, ms",
    "ms, median",
    "slowest",
    "bare Flask",
    "statements",
    "bytes",
    "gzip",
    "elements",
    "reached",
)


def tables(kind: str, measured: Sequence[Task]) -> str:
    """Markdown: one line a task."""
    rows = [
        [
            task.name,
            f"{task.limit:.0f}",
            f"{median(task.milliseconds):.1f}",
            f"{max(task.milliseconds):.1f}",
            f"{median(task.bare):.2f}",
            str(task.statements),
            f"{task.size:,}",
            f"{task.squeezed:,}",
            str(task.elements),
            "yes" if task.reached else "no",
        ]
        for task in measured
    ]
    return f"### {kind}\n\n{report.table(_HEAD, rows)}\n"


@click.command()
@click.option("--database", type=click.Choice([*DATABASES, "both"]), default="both", show_default=True)
@click.option("--repeats", default=9, show_default=True, type=click.IntRange(1), help="How often each thing is done.")
def main(*, database: str, repeats: int) -> None:
    """Measure the screens of editors and print tables in Markdown."""
    click.echo("## What editors wait for\n\n2,000 pages in ten languages, of 2 KB each.\n")
    for kind in DATABASES if database == "both" else (database,):
        click.echo(f"… {kind}: preparing", err=True)
        with tempfile.TemporaryDirectory(prefix="cityinfo-bench-") as folder, stage(kind, Path(folder)) as servers:
            tenant_id = generate_city(servers.database, CITY, SHAPE)
            content.complete_words(
                servers.database
            )  # kept as texts are saved, and so missing of what was written in bulk
            servers.settle()
            own = Path(folder) / "desk"
            own.mkdir()
            click.echo(tables(kind, list(tasks(Editor(servers.database, tenant_id, own), repeats))))


if __name__ == "__main__":
    main()
