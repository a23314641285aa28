"""The words of an offer are asked for in parts, and nothing of them is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityinfo.cms.offers.sections import FIELDS, apart, together
from cityinfo.kernel import html

lines = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="<"), min_size=1, max_size=20)
words = st.lists(lines, max_size=3).map("\n".join)


@given(st.fixed_dictionaries({"content": words, **dict.fromkeys(FIELDS.values(), words)}))
def test_what_the_form_writes_it_shows_again(values):
    content = together(values)
    assert together(apart(content)) == content
    assert apart(content) == values


def test_papers_and_steps_are_lists():
    written = together(
        {"content": "Hilfe.", "documents": "Pass\nFoto", "steps": "Anrufen\n\nKommen", "eligibility": "Alle."}
    )
    assert written == (
        '<p>Hilfe.</p><section class="eligibility"><p>Alle.</p></section>'
        '<section class="documents"><ul><li>Pass</li><li>Foto</li></ul></section>'
        '<section class="steps"><ol><li>Anrufen</li><li>Kommen</li></ol></section>'
    )
    assert html.sanitise(written) == written


@pytest.mark.parametrize(
    "content",
    [
        '<section class="steps"><ol><li>Eins</li></ol></section><p>Danach noch etwas.</p>',
        '<section class="steps"><p>Eins.</p></section><section class="documents"><p>Pass.</p></section>',
        '<p>Mit <strong>Nachdruck</strong>.</p><section class="cost" lang="en"><p>Free.</p></section>',
        '<section class="cost"><p>A</p></section><section class="cost"><p>B</p></section>',
    ],
)
def test_words_in_another_order_stay_in_one_piece(content):
    shown = apart(content)
    assert shown["content"] == content
    assert together(shown) == content


def test_a_part_that_holds_more_than_lines_is_shown_as_it_is():
    content = '<p>Hilfe.</p><section class="documents"><p>Zuerst:</p><ul><li>Pass</li></ul></section>'
    assert apart(content)["documents"] == "<p>Zuerst:</p><ul><li>Pass</li></ul>"
    assert together(apart(content)) == content
