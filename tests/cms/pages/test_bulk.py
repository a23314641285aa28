"""Doing the same with several pages by a plain form."""

from __future__ import annotations

import re

import pytest

from cityinfo.features import content
from tests.cms.conftest import text_of
from tests.factories import plant


@pytest.fixture
def page(city):
    return plant(city, "Wohnen")


def is_archived(city, page):
    with city.read() as db:
        return content.find_entry(db, page).archived_at is not None


@pytest.mark.parametrize("sent", ["x:1", "1:x", "1", "", ":", "9" * 40 + ":1", "١:١"])
def test_a_choice_that_is_no_page_is_refused_in_a_sentence_and_the_rest_is_done(city, people, page, sent):
    someone = people("editor")
    answer = someone.post("/pages/bulk", {"action": "archive", "page": [sent, f"{page}:1"]})
    assert answer.status_code == 303
    said = text_of(someone.get("/pages"))
    assert "Diese Auswahl ist nicht lesbar" in said
    assert is_archived(city, page)


def test_pages_that_were_archived_together_come_back_together(city, people, page):
    other = plant(city, "Schule")
    someone = people("editor")
    someone.post("/pages/bulk", {"action": "archive", "page": [f"{page}:1", f"{other}:1"]})
    undo = re.search(r'action="/cms/[^/"]+(/pages/bulk\?action=restore[^"]+)"', text_of(someone.get("/pages")))[1]
    someone.post(undo)
    assert "Für 2 Seiten erledigt." in text_of(someone.get("/pages"))
    assert not is_archived(city, page)
    assert not is_archived(city, other)


def test_a_page_that_fails_is_named_in_the_language_of_the_interface(city, people, page):
    plant(city, "Anmelden", under=page)
    someone = people("editor")
    someone.post("/pages/bulk", {"action": "archive", "page": [f"{page}:7"]})
    assert "„Wohnen“: " in text_of(someone.get("/pages"))
    someone.client.set_cookie("cms_locale", "en")
    someone.post("/pages/bulk", {"action": "archive", "page": [f"{page}:7"]})
    assert "“Wohnen”: " in text_of(someone.get("/pages"))
