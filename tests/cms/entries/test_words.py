"""Paragraphs as the forms of entries show and send them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cityinfo.cms.entries.words import as_html, as_text, block_by_block


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1), min_size=1))
def test_paragraphs_are_the_same_after_they_were_typed(paragraphs):
    text = "\n\n".join(f"x{one}" for one in paragraphs)
    assert as_text(as_html(text)) == text


def test_html_with_more_than_paragraphs_stays_html():
    html = "<p>Bringen Sie mit:</p><ul><li>Ausweis</li></ul>"
    assert as_html(as_text(html)) == html


def test_html_stands_block_by_block_and_comes_back_as_it_was():
    html = (
        "<h2>Was</h2><p>Ein <a>Blatt</a> <strong>Papier</strong></p><ul><li>Pass</li><li><p>Foto</p></li></ul><p>b</p>"
    )
    assert block_by_block(html).splitlines()[:4] == [
        "<h2>Was</h2>",
        html.split("</h2>")[1].split("<ul>")[0],
        "<ul>",
        "<li>Pass</li>",
    ]
    assert as_html(block_by_block(html)) == html


def test_a_tag_that_somebody_wrote_about_stays_in_its_line():
    words = "<p>Mit &lt;/li&gt;&lt;li&gt; beginnt ein Punkt.</p>"
    assert block_by_block(words) == "Mit </li><li> beginnt ein Punkt."
    assert as_html(block_by_block(words)) == words
