"""`make bench`, fourth part: what editors wait for, in a city of 2,000 pages in ten languages.

Asked in this process, as an editor who has logged in, without a server: what a screen takes to be made. Beside each
stands a bare Flask view that answers as many bytes, in the same rounds. A small city beside the large one shows whether
statements become more with the pages.
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
from benchmarks.serving import DATABASES, Stage, stage
from benchmarks.statements import counted
from benchmarks.words import LANGUAGES
from cityinfo.app import create_app
from cityinfo.features import accounts, content, logins, pages
from cityinfo.features.accounts import MembershipDraft
from cityinfo.features.content import TextDraft
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.kernel.db import Work as Session
from cityinfo.settings import Settings
from cityinfo.web import identity

CITY, LANGUAGE = "desk", "de"
NEW, CHANGED, BY_MACHINE = 60, 60, 60  # pages in one language, sources that changed, texts that nobody has checked
SHAPE = Shape(pages=2_000 - NEW, branches=(20, 10), languages=LANGUAGES)
SMALL = Shape(pages=200, branches=(10, 5), languages=LANGUAGES)
SCREEN, SAVE, NODES = 150.0, 100.0, 2_500  # milliseconds, milliseconds, elements
LINKS = (0, 40, 400)
PHONE = "0821 324-4711"
_ELEMENT = re.compile(rb"<[a-z]")


@dataclass(slots=True)
class Task:
    """Something an editor does, and what it took each time."""

    name: str
    limit: float
    milliseconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    statements: int = 0
    in_small: int = 0  # statements in a small city
    size: int = 0
    squeezed: int = 0
    elements: int = 0

    @property
    def reached(self) -> bool:
        quick = median(self.milliseconds) < self.limit
        return quick and self.elements < NODES and self.statements == self.in_small


class Editor:
    """Someone at the screens of the city."""

    def __init__(self, database: Database, city: str, tenant_id: int, folder: Path) -> None:
        self.database, self.city, self.tenant_id = database, city, tenant_id
        self.app = create_app(Settings(data_dir=folder), database=database)
        self.client = self._logged_in()
        self.bare = bare_app().test_client()

    def get(self, path: str) -> bytes:
        answer = self.client.get(f"/cms/{self.city}{path}")
        assert answer.status_code in (200, 303), answer.status
        return answer.get_data()

    def post(self, path: str, fields: Mapping[str, object], *, do: str = "") -> bytes:
        """As the scripts of the screens do."""
        cookie = self.client.get_cookie("csrf_access_token")
        headers = {"X-CSRF-TOKEN": cookie.value if cookie else "", "Accept": "application/json", "HX-Request": "true"}
        given = {**fields, **({"do": do} if do else {})}
        answer = self.client.post(f"/cms/{self.city}{path}", data=given, headers=headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
        return answer.get_data()

    def _logged_in(self) -> FlaskClient:
        with self.database.unit_of_work(NO_TENANT, write=True) as db:
            account = accounts.create_account(db, f"{self.city}@example.org", name="Bench", actor=EDITOR).id
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


Work = Callable[[], bytes]


def measure(editor: Editor, task: Task, prepare: Callable[[], Work], repeats: int) -> Task:
    """Do it once unmeasured, then so many times, each beside a bare answer of as many bytes.

    What has to be known beforehand is read by `prepare`, outside of what is measured.
    """
    body = prepare()()
    for _ in range(repeats):
        work = prepare()
        with counted(editor.database.engine) as seen:
            started, busy = time.perf_counter(), time.process_time()
            body = work()
            task.processor.append((time.process_time() - busy) * 1e3)
            task.milliseconds.append((time.perf_counter() - started) * 1e3)
        task.statements = len(seen)
        started = time.perf_counter()
        editor.bare.get(f"/{len(body)}")
        task.bare.append((time.perf_counter() - started) * 1e3)
    task.size, task.squeezed = len(body), len(gzip.compress(body))
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
        "drafts": "/pages?state=draft",
        "search, a word of a text": "/pages?q=Losnummer",
        "search, a phone number": f"/pages?q={PHONE.replace(' ', '+')}",
        "first screen": "/",
        "progress of translations": "/translations",
        "progress of a language": f"/translations/{LANGUAGES[1]}",
        "texts of a language": f"/translations/{LANGUAGES[1]}/texts",
        "on to the next text": f"/translations/{LANGUAGES[1]}/next",
        "a text beside its source": f"/translations/{LANGUAGES[1]}/{tree[0][1]}",
    }
    pages_with_links = {links: _page_with_links(editor, tree, links) for links in LINKS}
    for name, path in screens.items():
        yield measure(editor, Task(name, SCREEN), partial(partial, editor.get, path), repeats)
    yield measure(editor, Task("move a page", SAVE), partial(_moving, editor, tree[0][1], numbers), repeats)
    for links, page in pages_with_links.items():
        here = f"/texts/{page}/{LANGUAGE}"
        opening = Task(f"open the editor, {links} links", SCREEN)
        yield measure(editor, opening, partial(partial, editor.get, here), repeats)
        for name, to in (("autosave", f"{here}/autosave"), ("save", here), ("publish", here)):
            do = "" if name == "autosave" else name
            prepare = partial(_writing, editor, page, numbers, to, do)
            yield measure(editor, Task(f"{name}, {links} links", SAVE), prepare, repeats)


def _writing(editor: Editor, page: int, numbers: Iterator[int], to: str, do: str) -> Work:
    """Sends a text that says something new each time."""
    title, words, revision, version = _words(editor, page)
    said = f"{words.partition('<p>Nummer')[0]}<p>Nummer {next(numbers)}</p>"
    fields = {"title": title, "content": said, "revision": revision, "version": version}
    return partial(editor.post, to, fields, do=do)


def _moving(editor: Editor, page: int, numbers: Iterator[int]) -> Work:
    """Moves a page down and up again."""
    with editor.database.unit_of_work(editor.tenant_id) as db:
        revision = content.find_entry(db, page).revision
    way = ("down", "up")[next(numbers) % 2]
    return partial(editor.post, f"/pages/{page}/move", {"way": way, "revision": revision})


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


def _unsettle(database: Database, tenant_id: int) -> None:
    """What a lively city looks like: sources that changed, pages in one language only, texts by machine and drafts."""
    with database.unit_of_work(tenant_id, write=True) as db:
        ids = list(pages.parents(db))
        for page in ids[-CHANGED:]:
            _rewrite(db, page, LANGUAGE, content.HUMAN)
            pages.publish(db, page, LANGUAGE, revision=content.find_text(db, page, LANGUAGE).revision, actor=EDITOR)
        for page in ids[:BY_MACHINE]:
            _rewrite(db, page, LANGUAGES[2], content.MACHINE)
        for number in range(NEW):
            draft = TextDraft(title=f"Neu {number}", content="<p>Noch nicht übersetzt.</p>")
            pages.create(db, draft, language=LANGUAGE, under=ids[number], actor=EDITOR)


def _rewrite(db: Session, page: int, language: str, origin: str) -> None:
    text = content.find_text(db, page, language)
    current = content.version(db, text.current_version_id)
    assert current is not None
    words = f"{current.content}<p>Seit heute anders.</p>"
    draft = TextDraft(title=current.title, content=words, revision=text.revision, origin=origin)
    pages.save_text(db, page, language, draft, actor=EDITOR)


SMALLER = "in 200 pages"
_HEAD = (
    "what",
    "goal, ms",
    "ms, median",
    "fastest",
    "slowest",
    "processor",
    "bare Flask",
    "statements",
    SMALLER,
    "bytes",
    "gzip",
    "elements",
    "reached",
)


def tables(kind: str, measured: Sequence[Task], *, small: str = SMALLER) -> str:
    """Markdown: one line a task. `small` says what the statements are compared with."""
    rows = [
        [
            task.name,
            f"{task.limit:.0f}",
            f"{median(task.milliseconds):.1f}",
            f"{min(task.milliseconds):.1f}",
            f"{max(task.milliseconds):.1f}",
            f"{median(task.processor):.1f}",
            f"{median(task.bare):.2f}",
            str(task.statements),
            str(task.in_small),
            f"{task.size:,}",
            f"{task.squeezed:,}",
            str(task.elements),
            "yes" if task.reached else "no",
        ]
        for task in measured
    ]
    return f"### {kind}\n\n{report.table([small if one == SMALLER else one for one in _HEAD], rows)}\n"


@click.command()
@click.option("--database", type=click.Choice([*DATABASES, "both"]), default="both", show_default=True)
@click.option("--repeats", default=9, show_default=True, type=click.IntRange(1), help="How often each thing is done.")
def main(*, database: str, repeats: int) -> None:
    """Measure the screens of editors and print tables in Markdown."""
    click.echo("## What editors wait for\n\n2,000 pages in ten languages, of 2 KB each.\n")
    for kind in DATABASES if database == "both" else (database,):
        click.echo(f"… {kind}: preparing", err=True)
        with tempfile.TemporaryDirectory(prefix="cityinfo-bench-") as folder, stage(kind, Path(folder)) as servers:
            click.echo(tables(kind, _measured(servers, Path(folder), repeats)))


def _measured(servers: Stage, folder: Path, repeats: int) -> list[Task]:
    editors = []
    for city, shape in ((CITY, SHAPE), (f"{CITY}-small", SMALL)):
        tenant_id = generate_city(servers.database, city, shape)
        _unsettle(servers.database, tenant_id)
        own = folder / city
        own.mkdir()
        editors.append(Editor(servers.database, city, tenant_id, own))
    content.complete_words(servers.database)  # kept as texts are saved, and so missing of what was written in bulk
    servers.settle()
    large, small = editors
    found = list(tasks(large, repeats))
    for task, other in zip(found, tasks(small, 1), strict=True):
        task.in_small = other.statements
    return found


if __name__ == "__main__":
    main()
