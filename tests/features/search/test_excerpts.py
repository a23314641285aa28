"""A passage is a piece of the text, safe to show, whatever stands in it and whatever is looked for."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cityinfo.features.search.excerpts import MOST, Passages
from cityinfo.features.search.index import Index
from cityinfo.features.search.rules import wanted
from cityinfo.features.search.synonyms import Lexicon

PIECES = [
    "Wohngeld",
    "<script>",
    "&amp;",
    "Straße",
    " ",
    "\n",
    ". ",
    "0821 3102-2222",
    "مدرسة",
    "注册住址",
    "İ",
    "é",
    "ﬁ",
    "x" * 90,
]


def passage(text, query):
    needles = wanted(query, Lexicon.of("de"), Index().postings).needles
    return Passages(text).best(needles)


@examples(deadline=None)  # the first one loads stemmers
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(PIECES))
def test_it_is_a_piece_of_the_text_and_marks_are_its_only_markup(text, query):
    found = passage(text, query)
    bare = re.sub("</?mark>", "", found)
    assert "<" not in bare
    assert ">" not in bare
    words = unescape(bare).removeprefix("… ").removesuffix(" …").strip()
    assert words in text.replace("\n", " ")
    assert len(words) <= MOST
    assert found.count("<mark>") == found.count("</mark>")


def test_where_nothing_is_found_it_is_the_beginning():
    assert passage("Erster Satz. Zweiter Satz.", "Kindergarten") == "Erster Satz. Zweiter Satz."


def test_it_begins_with_the_sentence_that_answers():
    text = "Nichts. " * 50 + "Das Wohngeld beantragt man hier. " + "Nichts. " * 50
    assert passage(text, "Wohngeld").startswith("… Das <mark>Wohngeld</mark> beantragt man hier.")


def test_a_word_with_another_ending_or_inside_a_longer_one_is_marked_whole():
    assert (
        passage("Die Krankenversicherungen zahlen.", "Versicherung") == "Die <mark>Krankenversicherungen</mark> zahlen."
    )


def test_a_misspelt_word_is_marked_where_nothing_is_as_it_was_typed():
    assert passage("Das Wohngeld hilft.", "Wohngled") == "Das <mark>Wohngeld</mark> hilft."


def test_words_that_say_little_are_not_marked():
    assert passage("Wo ist das Wohngeld?", "wo ist Wohngeld") == "Wo ist das <mark>Wohngeld</mark>?"
