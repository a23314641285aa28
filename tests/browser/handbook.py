"""The handbook as something that can be walked: numbered steps of a few forms, with what is on the screen in italics.

A step that has none of these forms fails, so nobody writes one that cannot be walked.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Request

FOLDER = ROOT / "docs" / "handbook"
_STEP = re.compile(r"^\d+\. (.+(?:\n   .+)*)", re.MULTILINE)
_SENTENCE = re.compile(r"(?:[^.„“*]|„[^“]*“|“[^”]*”|\*[^*]*\*)+\.")
_TICKED = ("checkbox", "radio")
_ROLES = ("link", "button", *_TICKED, "tab")
_PATIENCE = 10  # seconds
_MOMENT, _CALM = 30, 2  # milliseconds, and how many of them without a request in flight
_READY = """() => document.readyState === 'complete'
    && (!document.querySelector('#writing') || document.documentElement.dataset.ready === 'true')"""


def chapters(language: str) -> list[Path]:
    return sorted((FOLDER / language).glob("[0-9]*.md"))


def steps(chapter: Path) -> Iterator[str]:
    """Every step in one line."""
    for found in _STEP.finditer(chapter.read_text("utf-8")):
        yield re.sub(r"\s+", " ", found[1])


class Walker:
    """Someone who does what the steps say. They look again once nothing more is on its way from the server."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._awaited: set[Request] = set()
        page.on("request", self._await)
        page.on("requestfinished", self._have)
        page.on("requestfailed", self._have)

    def walk(self, step: str) -> None:
        """Do what the step says; a step may have several sentences."""
        for sentence in _SENTENCE.findall(step):
            self._do(sentence.strip())

    def _await(self, request: Request) -> None:
        self._awaited.add(request)

    def _have(self, request: Request) -> None:
        self._awaited.discard(request)

    def _do(self, sentence: str) -> None:
        for form, act in _FORMS:
            found = re.fullmatch(form, sentence)
            if found:
                act(self.page, *found.groups())
                if act is _press:
                    self._settle()
                return
        raise AssertionError(f"Nobody can walk this: {sentence}")

    def _settle(self) -> None:
        """Until the screen stands still, with its editor where it has one."""
        calm, patience = 0, time.monotonic() + _PATIENCE
        while calm < _CALM and time.monotonic() < patience:
            self.page.wait_for_timeout(_MOMENT)
            calm = 0 if self._awaited else calm + 1
        self.page.wait_for_function(_READY)


def _press(page: Page, name: str) -> None:
    _control(page, name).click()


def _write(page: Page, field: str, words: str) -> None:
    where = page.get_by_label(field, exact=True).locator("visible=true").first
    where.click()
    if where.evaluate("field => field.isContentEditable"):
        page.keyboard.press("Control+End")
        page.keyboard.type(words)
    else:
        where.fill(words)
        where.dispatch_event("change")


def _choose(page: Page, field: str, entry: str) -> None:
    page.get_by_label(field, exact=True).locator("visible=true").first.select_option(label=entry)


def _tick(page: Page, name: str) -> None:
    _control(page, name, _TICKED).check()


def _see(page: Page, words: str) -> None:
    page.get_by_text(words).locator("visible=true").first.wait_for()


def _control(page: Page, name: str, roles: Sequence[str] = _ROLES) -> Locator:
    """What can be pressed and has this name, or begins with it; the first one that is there wins."""
    for exact in (True, False):
        for role in roles:
            found = page.get_by_role(role, name=name, exact=exact).locator("visible=true")
            if found.count():
                return found.first
    return page.get_by_text(name, exact=True).locator("visible=true").first


_FORMS: tuple[tuple[str, Callable[..., None]], ...] = (
    (r"(?:Dann )?[Ww]ählen Sie \*([^*]+)\*\.", _press),
    (r"(?:Then )?[Cc]hoose \*([^*]+)\*\.", _press),
    (r"(?:Dann )?[Ss]chreiben Sie in \*([^*]+)\*: „(.+)“\.", _write),
    (r"(?:Then )?[Ww]rite in \*([^*]+)\*: “(.+)”\.", _write),
    (r"Wählen Sie bei \*([^*]+)\* den Eintrag \*([^*]+)\*\.", _choose),
    (r"In \*([^*]+)\* choose the entry \*([^*]+)\*\.", _choose),
    (r"Haken Sie \*([^*]+)\* an\.", _tick),
    (r"Tick \*([^*]+)\*\.", _tick),
    (r"Sie sehen: „(.+)“\.", _see),
    (r"You see: “(.+)”\.", _see),
)
