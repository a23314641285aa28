"""The steps of the handbook, walked in the browser in both languages: whoever follows them gets where it says."""

from __future__ import annotations

import re
import shutil

import pytest

from cityinfo.settings import Settings
from tests.browser.conftest import serve, visiting
from tests.browser.demo import LOCALES, enter, fill
from tests.browser.handbook import FOLDER, chapters, steps, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("language", LOCALES)
def test_the_steps_of_the_handbook_lead_where_it_says(sqlite_template, tmp_path, browser, language):
    shutil.copy(sqlite_template, tmp_path / "cityinfo.sqlite3")
    password = fill(tmp_path)
    with (
        serve(Settings(data_dir=tmp_path, head_ttl=0)) as service,
        visiting(service, browser, locale=LOCALES[language]) as someone,
    ):
        enter(someone.page, service.url, password, language)
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
