"""A real browser before a real server: what people see, not what functions return."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from cityinfo.app import create_app
from cityinfo.features import accounts
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.settings import Settings
from tests.conftest import open_database, register_languages
from tests.factories import City, make_city
from tests.factories_logins import cookies_of
from tests.factories_people import PASSWORD, give, person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
UNPACKED = ROOT / ".tools" / "chromium"
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--font-render-hinting=none"),
)
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
# Faults alone: to bring all that is in order as well takes three times as long. No rule of these tags asks for style
# sheets; to fetch and read all of them takes a third of the time.
LOOK_FOR_FAULTS = """tags => axe.run({ runOnly: tags, resultTypes: ["violations"], preload: { assets: ["media"] } })
  .then(found => found.violations)"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@dataclass
class Service:
    """A server of its own, with one city in it."""

    url: str
    database: Database
    city: City
    settings: Settings
    app: Flask


class Visit:
    """Someone at a browser. Whatever it complains about is kept, and told at the end."""

    def __init__(self, service: Service, page: Page) -> None:
        self.service, self.page = service, page
        self.complaints: list[str] = []
        page.on("console", lambda said: self._note(said.type in ("error", "warning"), said.text))
        page.on("pageerror", lambda error: self._note(True, str(error)))
        page.on(
            "request", lambda asked: self._note(not asked.url.startswith((service.url, "data:", "blob:")), asked.url)
        )

    def _note(self, counts: bool, text: str) -> None:
        if counts:
            self.complaints.append(text)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.service.url}{path}")

    def come_in(self, email: str) -> None:
        """As someone who has logged in with this browser before, without a way through the form."""
        database = self.service.database
        with database.unit_of_work(NO_TENANT) as db:
            account_id = accounts.account_of(db, email).id
        host = urlsplit(self.service.url).hostname
        for cookie in cookies_of(self.service.app, database, account_id):
            place = {"domain": host, "path": cookie["path"], "httpOnly": bool(cookie["httponly"])}
            self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, **place}])

    def log_in(self, email: str, password: str = PASSWORD) -> None:
        self.open("/cms/login")
        self.page.get_by_label("E-Mail-Adresse").fill(email)
        self.page.get_by_label("Passwort", exact=True).fill(password)
        self.page.get_by_role("button", name="Weiter").click()
        self.page.wait_for_url(lambda url: "/login" not in url)

    def look(self) -> None:
        """`check`, in the dark on a phone and in the light at a desk."""
        for size, scheme in ((PHONE, "dark"), (DESKTOP, "light")):
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            self.check()

    def check(self) -> None:
        """Nothing that accessibility rules forbid, nothing wider than the window, no complaint so far."""
        for frame in self.page.frames:
            if frame.evaluate("typeof axe === 'undefined'"):
                frame.evaluate(AXE.read_text("utf-8"))  # as a developer would: no script of the page
        with self._unrolled():
            found = self.page.evaluate(LOOK_FOR_FAULTS, WCAG)
        broken = [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
        assert not broken, "\n".join(broken)
        for frame in self.page.frames:
            width = frame.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert width <= 0, f"{frame.url} is {width} px wider than its window"
        assert not self.complaints, self.complaints

    @contextmanager
    def _unrolled(self) -> Iterator[None]:
        """A window as high as the screen is long: what sticks to its edges lies over nothing that can be scrolled."""
        size = self.page.viewport_size or DESKTOP
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({**size, "height": max(height, size["height"])})
        yield
        self.page.set_viewport_size(size)


class _Quiet(WSGIRequestHandler):
    def log(self, *args: object) -> None:
        """Nothing: tests say themselves what went wrong."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests of a process."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def service(sqlite_template: Path, tmp_path: Path) -> Iterator[Service]:
    """A server with the city Teststadt; Mara manages it, Elif edits, Tarek is an author and Jana translates."""
    with staffed(sqlite_template, tmp_path) as running:
        yield running


@contextmanager
def staffed(template: Path, folder: Path, **settings: object) -> Iterator[Service]:
    """The server of `service`, for as long as someone needs it."""
    shutil.copy(template, folder / "cityinfo.sqlite3")
    with serve(Settings(data_dir=folder, head_ttl=0, **settings)) as running:
        for name, role in (("Mara", "manager"), ("Elif", "editor"), ("Tarek", "author"), ("Jana", "translator")):
            give(running.city, person(running.database, name, password=True), role)
        yield running


@pytest.fixture
def visit(service: Service, browser: Browser) -> Iterator[Visit]:
    """Someone at a desk, who speaks German."""
    with visiting(service, browser) as someone:
        yield someone


@contextmanager
def visiting(service: Service, browser: Browser, **options: object) -> Iterator[Visit]:
    """One more person at a browser of their own."""
    context = browser.new_context(**{"viewport": DESKTOP, "locale": "de-DE", **options})
    context.set_default_timeout(30_000)  # nothing waits so long but a machine that is busy with other things
    try:
        yield Visit(service, context.new_page())
    finally:
        context.close()


@contextmanager
def serve(settings: Settings) -> Iterator[Service]:
    """The whole application behind a port of its own."""
    database = open_database(settings)
    register_languages(database)
    server = make_server("127.0.0.1", 0, Flask("waits for its address"), threaded=True, request_handler=_Quiet)
    # Passkeys belong to a name, not to a number.
    settings = replace(settings, public_url=f"http://localhost:{server.server_port}")
    server.app = create_app(settings, database=database)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Service(settings.public_url, database, make_city(database, "teststadt"), settings, server.app)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database.dispose()


def chromium() -> Path:
    """Where the browser is: Debian's, or that of npm with its own libraries and fonts beside it."""
    installed = shutil.which("chromium")
    if installed:
        return Path(installed)
    os.environ["LD_LIBRARY_PATH"] = str(UNPACKED / "lib")
    os.environ["FONTCONFIG_PATH"] = str(UNPACKED)
    return _unpacked()


def _unpacked() -> Path:
    path = UNPACKED / "chromium"
    if not path.exists():
        node = ROOT / ".venv" / "bin" / "node"
        subprocess.run([node, HERE / "unpack.mjs", UNPACKED], check=True, capture_output=True, timeout=120)
    return path
