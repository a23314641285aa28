"""The handbook as something that can be walked: numbered steps of a few forms, with what is on the screen in italics.

A step that has none of these forms fails, so nobody writes one that cannot be walked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

FOLDER = ROOT / "docs" / "handbook"
_STEP = re.compile(r"^\d+\. (.+(?:\n   .+)*)", re.MULTILINE)
_SENTENCE = re.compile(r"(?:[^.„“*]|„[^“]*“|“[^”]*”|\*[^*]*\*)+\.")
_ROLES = ("link", "button", "checkbox", "radio", "tab")


def chapters(language: str) -> list[Path]:
    return sorted((FOLDER / language).glob("[0-9]*.md"))


def steps(chapter: Path) -> Iterator[str]:
    """Every step in one line."""
    for found in _STEP.finditer(chapter.read_text("utf-8")):
        yield re.sub(r"\s+", " ", found[1])


def walk(page: Page, step: str) -> None:
    """Do what the step says; a step may have several sentences."""
    for sentence in _SENTENCE.findall(step):
        _do(page, sentence.strip())


def _do(page: Page, sentence: str) -> None:
    for form, act in _FORMS:
        found = re.fullmatch(form, sentence)
        if found:
            act(page, *found.groups())
            return
    raise AssertionError(f"Nobody can walk this: {sentence}")


def _press(page: Page, name: str) -> None:
    _control(page, name).click()
    page.wait_for_load_state("networkidle")


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
    page.get_by_label(name, exact=True).locator("visible=true").first.check()


def _see(page: Page, words: str) -> None:
    page.get_by_text(words).locator("visible=true").first.wait_for()


def _control(page: Page, name: str) -> Locator:
    """What can be pressed and has this name, or begins with it; the first one that is there wins."""
    for exact in (True, False):
        for role in _ROLES:
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
