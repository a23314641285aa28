"""The steps of the handbook, walked in the browser in both languages: whoever follows them gets where it says."""

from __future__ import annotations

import re
import shutil

import pytest

from cityinfo.settings import Settings
from tests.browser.conftest import serve, visiting
from tests.browser.demo import LOCALES, enter, fill, teach
from tests.browser.handbook import FOLDER, Walker, chapters, steps

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
# What whoever follows the steps has brought to readers.
WRITTEN = {
    "de": [
        ("pages", "Fundbüro"),
        ("events", "Sprachcafé am Markt"),
        ("locations", "Am Markt 5"),
        ("locations", "Auskunft zur Ausleihe"),
        ("news", "Uferweg gesperrt"),
    ],
    "en": [
        ("pages", "Lost property"),
        ("events", "Language café at the market"),
        ("locations", "Am Markt 5"),
        ("locations", "Auskunft zur Ausleihe"),
        ("news", "Uferweg gesperrt"),
    ],
}


FOLLOWS = "9"  # the chapter of a city that has a template


@pytest.fixture(scope="module")
def filled(sqlite_template, tmp_path_factory):
    """A folder with the cities in which the steps are walked, and the password of those who work there."""
    folder = tmp_path_factory.mktemp("filled")
    shutil.copy(sqlite_template, folder / "cityinfo.sqlite3")
    password = fill(folder)
    teach(folder)
    return folder, password


@pytest.mark.parametrize("language", LOCALES)
def test_the_steps_of_the_handbook_lead_where_it_says(filled, tmp_path, browser, language):
    folder, password = filled
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    with (
        serve(Settings(data_dir=tmp_path, head_ttl=0)) as service,
        visiting(service, browser, locale=LOCALES[language]) as someone,
    ):
        enter(someone.page, service.url, password, language)
        walker = Walker(someone.page)
        for chapter in chapters(language):
            city = "neustadt" if chapter.name.startswith(FOLLOWS) else "musterstadt"
            someone.page.goto(f"{service.url}/cms/{city}/")
            for step in steps(chapter):
                try:
                    walker.walk(step)
                except Exception as reason:
                    pytest.fail(f"{chapter.name}: {step}\n{reason}")
        shown = {kind: _as_phones_read_it(someone.page, service.url, kind) for kind, _ in WRITTEN[language]}
        assert not [words for kind, words in WRITTEN[language] if words not in shown[kind]]


def _as_phones_read_it(page, address, kind):
    """What an Integreat client is told in the language the city writes in."""
    return str(page.request.get(f"{address}/api/v3/musterstadt/de/{kind}/").json())


def test_both_handbooks_have_the_same_chapters_and_pictures_that_are_there():
    numbers = [[one.name[0] for one in chapters(language)] for language in LOCALES]
    assert numbers[0] == numbers[1]
    for one in FOLDER.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", one.read_text("utf-8")):
            assert (one.parent / target).exists(), f"{one.name} leads to {target}"
