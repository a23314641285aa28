"""`make screenshots`: the main screens with the demo city, in both languages, light and dark, wide and narrow.

All of them go into a folder; the few that README and handbook show are kept small in docs/pictures.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

from cityinfo import schema
from cityinfo.settings import Settings
from tests.browser.conftest import ARGUMENTS, DESKTOP, PHONE, ROOT, chromium, serve
from tests.browser.demo import LOCALES, enter, fill, teach

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Screens by the name of their picture: a path below the city, or a list and the first entry in it.
SCREENS = {
    "today": "",
    "pages": "pages",
    "text": "pages > a[href*='/texts/']",
    "translations": "translations/en",
    "translating": "translations/en/texts > .list a",
    "events": "events",
    "event": "events > .list h2 a",
    "place": "locations > .list h2 a",
    "contact": "contacts > .list h2 a",
    "offer": "offers > .list h2 a",
    "news": "news/new",
    "media": "media",
    "people": "people",
    "feedback": "feedback",
    "settings": "settings",
    "updates": "../neustadt/updates?standing=conflict > .list h2 a",
}
SIZES = {"desktop": DESKTOP, "phone": PHONE}
# Shown in README and handbook.
SHOWN = ("today", "text", "translating", "event", "place", "media", "news", "people", "updates")
IN_DOCS = ROOT / "docs" / "pictures"


def main(folder: Path) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        settings = Settings(data_dir=Path(data), head_ttl=0)
        schema.upgrade(settings)
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        with serve(settings) as service:
            password = fill(Path(data))
            teach(Path(data))
            for language in LOCALES:
                _take_all(browser, service.url, password, language, folder)
        browser.close()


def _take_all(browser: Browser, url: str, password: str, language: str, folder: Path) -> None:
    for size, viewport in SIZES.items():
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport=viewport, locale=LOCALES[language], color_scheme=scheme, reduced_motion="reduce"
            )
            page = context.new_page()
            enter(page, url, password, language)
            for name, where in SCREENS.items():
                _open(page, f"{url}/cms/musterstadt/", where)
                picture = page.screenshot()
                _keep(picture, folder / f"{name}-{language}-{size}-{scheme}.webp")
                if name in SHOWN and (size, scheme) == ("desktop", "light"):
                    _keep(picture, IN_DOCS / f"{name}-{language}.webp")
            context.close()


def _open(page: Page, city: str, where: str) -> None:
    path, _, first = where.partition(" > ")
    page.goto(city + path, wait_until="networkidle")
    if first:
        page.goto(city.partition("/cms")[0] + page.locator(first).first.get_attribute("href"), wait_until="networkidle")


def _keep(picture: bytes, path: Path) -> None:
    Image.open(io.BytesIO(picture)).save(path, "WEBP", quality=60, method=6)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "screenshots")
