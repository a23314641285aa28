"""The steps of the handbook, walked in the browser in both languages: whoever follows them gets where it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cityinfo.settings import Settings
from tests.browser.conftest import ROOT, serve, visiting
from tests.browser.handbook import FOLDER, chapters, steps, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
LOCALES = {"de": "de-DE", "en": "en-GB"}


def demo(template: Path, folder: Path) -> str:
    """The demo city in this folder; the password of those who work there."""
    shutil.copy(template, folder / "cityinfo.sqlite3")
    environment = {**os.environ, "CITYINFO_DATA_DIR": str(folder)}
    command = [str(Path(sys.executable).parent / "cityinfo"), "demo"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    return re.search(r"password (\S+)", done.stdout)[1]


@pytest.mark.parametrize("language", LOCALES)
def test_the_steps_of_the_handbook_lead_where_it_says(sqlite_template, tmp_path, browser, language):
    password = demo(sqlite_template, tmp_path)
    with (
        serve(Settings(data_dir=tmp_path, head_ttl=0)) as service,
        visiting(service, browser, locale=LOCALES[language]) as someone,
    ):
        someone.page.goto(f"{service.url}/cms/login")
        someone.page.locator("#email").fill("manager@musterstadt.example")
        someone.page.locator("#password").fill(password)
        someone.page.keyboard.press("Enter")
        someone.page.wait_for_url("**/musterstadt/")
        someone.page.goto(f"{service.url}/cms/locale/{language}")
        for chapter in chapters(language):
            someone.page.goto(f"{service.url}/cms/musterstadt/")
            for step in steps(chapter):
                try:
                    walk(someone.page, step)
                except Exception as reason:
                    pytest.fail(f"{chapter.name}: {step}\n{reason}")


def test_both_handbooks_have_the_same_chapters_and_pictures_that_are_there():
    numbers = [[one.name[0] for one in chapters(language)] for language in LOCALES]
    assert numbers[0] == numbers[1]
    for one in FOLDER.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", one.read_text("utf-8")):
            assert (one.parent / target).exists(), f"{one.name} leads to {target}"
