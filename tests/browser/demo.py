"""The demo city for a browser: filled, and entered by who manages it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOCALES = {"de": "de-DE", "en": "en-GB"}


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
    page.wait_for_url("**/musterstadt/")
    page.goto(f"{url}/cms/locale/{language}")
