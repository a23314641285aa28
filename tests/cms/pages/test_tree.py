"""The page tree as a document: what it costs a browser."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.cms.conftest import text_of
from tests.factories import plant, translate


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
