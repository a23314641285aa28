"""The page tree as a document: what it costs a browser."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from cityinfo.features import content, pages
from tests.cms.conftest import text_of
from tests.factories import EDITOR, plant, translate
from tests.factories_entries import found


@pytest.fixture
def rows(city, people):
    """The tree with a branch opened; some of its texts are translated."""
    above = plant(city, "Wohnen")
    translate(city, above, "en", "Housing")
    plant(city, "Wohnung anmelden", under=above)
    shown = LexborHTMLParser(text_of(people("editor").get(f"/pages?open={above}")))
    return shown.css("#rows tr")


def elements(node):
    return len(node.css("*"))


def test_a_language_costs_a_row_a_cell_and_a_link_which_says_where_the_text_stands(rows):
    cells = [cell for row in rows for cell in row.css("td.lc")]
    assert [elements(cell) for cell in cells] == [2] * len(cells)
    said = [cell.css_first("a").attributes["aria-label"] for cell in cells]
    assert said[:3] == ["Deutsch: aktuell", "Englisch: aktuell", "Arabisch: fehlt"]


def test_a_row_stays_light_enough_for_three_open_branches_in_ten_languages(rows):
    """50 rows in ten languages and the frame of the screen (about 130 elements) stay below 2,500."""
    assert len(rows) == 2
    for row in rows:
        beside = elements(row) - sum(elements(cell) for cell in row.css("td.lc"))
        assert beside + 2 * 10 <= 45


def test_members_of_an_organization_see_its_pages_alone(city, people):
    plant(city, "Geheimer Entwurf", public=False)
    own, page = found(city, "Caritas"), plant(city, "Beratung")
    with city.write() as db:
        revision = content.find_entry(db, page).revision
        pages.set_organization(db, page, own, revision=revision, actor=EDITOR)
    member = people("contributor", organization=own)
    shown = text_of(member.get("/pages"))
    assert "Beratung" in shown
    assert "Geheimer Entwurf" not in shown
    assert "Eine Seite in 3 Sprachen" in shown
    assert "Geheimer Entwurf" not in text_of(member.get("/pages?q=geheim"))
