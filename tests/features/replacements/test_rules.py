"""What is replaced in a text, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityinfo.features.replacements import Wanted
from cityinfo.kernel import html
from cityinfo.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>Im Bürgerbüro.</p>", "<p>Im Rathaus.</p>"),
        ("<p>im <b>bürgerbüro</b></p>", "<p>im <b>Rathaus</b></p>"),
        ("<p>Die Bürgerbüros</p>", "<p>Die Bürgerbüros</p>"),
        ('<p><a href="https://a.example/Bürgerbüro" title="Bürgerbüro">hin</a></p>', None),
        ("<p>A &amp; B im Bürgerbüro &lt;3</p>", "<p>A &amp; B im Rathaus &lt;3</p>"),
    ],
)
def test_words_are_replaced_and_markup_stays(before, after):
    assert Wanted(words="Bürgerbüro", instead="Rathaus").in_content(before) == (after or before)


def test_case_and_parts_of_words_count_when_it_is_said():
    text = "<p>Amt, amt und Ämter, Bauamt</p>"
    assert Wanted(words="Amt", instead="X", match_case=True).in_content(text) == "<p>X, amt und Ämter, Bauamt</p>"
    assert Wanted(words="amt", instead="X", whole_words=False).in_content(text) == "<p>X, X und Ämter, BauX</p>"


def test_words_with_signs_are_found_as_they_are():
    wanted = Wanted(words="0821 324-0 (Zentrale)", instead="115")
    assert wanted.in_content("<p>Tel. 0821 324-0 (Zentrale), Mo</p>") == "<p>Tel. 115, Mo</p>"


def test_what_is_put_instead_is_words_never_markup():
    assert Wanted(words="Amt", instead=r"<b>\1</b>").in_content("<p>Amt</p>") == r"<p>&lt;b&gt;\1&lt;/b&gt;</p>"


@pytest.mark.parametrize("words", ["", "  ", "x" * 201, "zwei\nZeilen"])
def test_what_cannot_be_looked_for_is_refused(words):
    with pytest.raises(Invalid):
        Wanted(words=words).checked()


def test_replacing_words_with_themselves_is_refused():
    with pytest.raises(Invalid):
        Wanted(words="Amt", instead="Amt").checked_change()


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30), st.sampled_from(["Amt", "a&b", "<i>"]))
def test_a_text_stays_sanitised_and_there_and_back_changes_nothing_else(words, instead):
    content = html.sanitise(f'<p title="Zettel">{words.replace("<", "")} Zettel</p><ul><li>Zettel</li></ul>')
    there = Wanted(words="Zettel", instead=instead, match_case=True).in_content(content)
    assert html.sanitise(there) == there
    assert html.plain_text(there).count(instead) >= 2
