"""The demo city for a browser: filled, and entered by who manages it; beside it one that follows a template."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cityinfo.features import accounts
from cityinfo.features.onboarding import CityDraft
from cityinfo.kernel.db import NO_TENANT
from cityinfo.settings import Settings
from tests.browser.conftest import ROOT
from tests.conftest import open_database
from tests.factories import make_city, plant, save
from tests.factories_media import library_of
from tests.factories_people import give
from tests.features.onboarding.test_clones import cloned
from tests.features.upstream.conftest import fetch, here

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOCALES = {"de": "de-DE", "en": "en-GB"}
_CHANGED = ("Führerschein", "Parken", "Wohngeld")  # by the template and by the city that follows it


def fill(folder: Path) -> str:
    """The demo city in the database of this folder; the password of those who work there."""
    environment = {**os.environ, "CITYINFO_DATA_DIR": str(folder)}
    command = [str(Path(sys.executable).parent / "cityinfo"), "demo", "--alone"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    return re.search(r"password (\S+)", done.stdout)[1]


def enter(page: Page, url: str, password: str, language: str) -> None:
    """Log in as the city's manager, in a language of the interface."""
    page.goto(f"{url}/cms/login")
    page.locator("#email").fill("manager@musterstadt.example")
    page.locator("#password").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto(f"{url}/cms/locale/{language}")


def teach(folder: Path) -> None:
    """Beside the demo city a small one, Neustadt, whose template has learned something, and which another one follows.

    Who manages the demo city manages it as well.
    """
    settings = Settings(data_dir=folder)
    database = open_database(settings)
    library = library_of(database, settings)
    template = make_city(database, "musterland", languages=("de", "en"), status="hidden", prefix="Landkreis")
    pages = {title: plant(template, title, content=_text("35")) for title in ("Kindergeld", *_CHANGED)}
    town = cloned(library, template, CityDraft(slug="neustadt", name="Neustadt", prefix="Stadt"))
    below = cloned(library, town, CityDraft(slug="altdorf", name="Altdorf", prefix="Gemeinde"))
    for city in (town, below):
        fetch(library, city)
    plant(template, "Sperrmüll", content=_text("20"))
    for title, page in pages.items():
        save(template, page, content=_text("42"))
        ours = _text("bei uns 30") if title in _CHANGED else _text("35", office="Das Rathaus in der Langen Gasse")
        save(town, here(town, page), content=ours)
    fetch(library, town)
    with database.unit_of_work(NO_TENANT) as db:
        manager = accounts.account_of(db, "manager@musterstadt.example").id
    give(town, manager, "manager")
    database.dispose()


def _text(euros: str, *, office: str = "Das Amt") -> str:
    return f"<p>{office} berät Sie. Kommen Sie ohne Termin.</p><p>Der Antrag kostet {euros} Euro.</p>"
