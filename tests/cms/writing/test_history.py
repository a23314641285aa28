"""The versions of a text and the way back to one of them."""

from __future__ import annotations

import pytest

from cityinfo.features import content
from tests.cms.conftest import text_of
from tests.factories import plant, save


@pytest.fixture
def page(city):
    page = plant(city, "Frist", content="<p>Sie haben eine Woche Zeit.</p><p>Bis bald.</p>")
    save(city, page, content="<p>Sie haben zwei Wochen Zeit.</p><p>Bis bald.</p>")
    return page


def newest(city, page):
    with city.read() as db:
        text = content.find_text(db, page, "de")
        return text, content.version(db, text.current_version_id)


def test_the_newest_version_shows_what_it_changed_word_by_word(people, page):
    shown = text_of(people("observer").get(f"/texts/{page}/de/versions"))
    assert "<del>eine</del><ins>zwei</ins>" in shown
    assert "Zurückholen" not in shown


def test_an_earlier_version_comes_back_as_a_new_one(city, people, page):
    author = people("author")
    shown = text_of(author.get(f"/texts/{page}/de/versions?version=1"))
    assert "Diese Version zurückholen" in shown
    with city.read() as db:
        first = content.version_heads(db, page, "de")[-1].id
    author.post(
        f"/texts/{page}/de/versions/{first}/restore", {"revision": newest(city, page)[0].revision, "minor": "1"}
    )
    _, version = newest(city, page)
    assert (version.number, version.minor) == (3, True)
    assert "eine Woche" in version.content


def test_a_version_that_is_not_there_is_said(people, page):
    assert people("observer").get(f"/texts/{page}/de/versions?version=9").status_code == 404
