"""Decisions about queries, synonyms and what may be counted. Pure: no session, no clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

from .excerpts import Needle
from .postings import Postings
from .synonyms import Lexicon
from .words import cut, even, fold, is_dense, pieces, stemmed, weak_words, words

WEAK = 0.15  # what a word that says little weighs
LEAST_SHARE = 0.1  # of a query that a document must hold to be found
LOW_SHARE = 0.4  # of a query; below, the best document is hardly what was meant
MOST_QUERY = 200  # characters
MOST_WORDS = 40  # of a query are looked up
MOST_COUNTED, MOST_COUNTED_WORDS = 60, 8  # characters and words of a query that is counted
MOST_GROUP = 20  # words in a group of synonyms
MOST_PHRASE = 80  # characters
_PERSONAL = re.compile(r"[@/\\]|(?:\d\D?){5}|\bwww\.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query looks for: tokens with their weights, those that were typed, and what to mark in texts."""

    weights: dict[int, float]
    asked: frozenset[int]
    needles: list[Needle]


def wanted(query: str, lexicon: Lexicon, postings: Postings) -> Wanted:
    """Cut a query as texts are cut; words that say little weigh little, unless there are no others."""
    language = lexicon.language
    typed = list(dict.fromkeys(words(even(query))))[:MOST_WORDS]
    weak = weak_words(language)
    telling = [word for word in typed if fold(word, language) not in weak] or typed
    weighed = [(word, 1.0 if word in telling else WEAK) for word in typed]
    others = lexicon.standing_in(typed, postings)
    weights: dict[int, float] = {}
    for word, weight in [*weighed, *others]:
        for token in cut(word, language).tokens:
            weights[token] = max(weights.get(token, 0), weight)
    if typed and not postings.frequency(cut(typed[-1], language).stem):
        _forget_end(weights, typed[-1], language)
    asked = frozenset(token for word in typed for token in cut(word, language).tokens if token in weights)
    needles = [_needle(word, weight, language) for word, weight in [*weighed, *others] if weight > WEAK]
    return Wanted(weights, asked, needles)


def countable(query: str) -> str | None:
    """A query as it is counted; None for one that may say who someone is, or is no search for anything."""
    text = " ".join("".join(one if one.isprintable() else " " for one in even(query)).split())
    if not 2 <= len(text) <= MOST_COUNTED or len(text.split()) > MOST_COUNTED_WORDS or _PERSONAL.search(text):
        return None
    return text


def check_group(phrases: Sequence[str]) -> list[str]:
    """The words of a group of synonyms, cleaned."""
    cleaned = list(dict.fromkeys(" ".join(one.split()) for one in phrases))
    found = [one for one in cleaned if words(even(one))]
    if not 2 <= len(found) <= MOST_GROUP or any(len(one) > MOST_PHRASE for one in found):
        raise Invalid(
            "synonyms.words",
            say(
                "Write 2 to {most} different words, each of at most {most2} characters.",
                most=MOST_GROUP,
                most2=MOST_PHRASE,
            ),
        )
    return found


def _forget_end(weights: dict[int, float], word: str, language: str) -> None:
    """No text has this word: it may still be being typed, so that what stands at its end is no end."""
    tokens = cut(word, language)
    if len(tokens.pieces) > 1 and not is_dense(word):
        weights.pop(tokens.stem, None)
        weights.pop(tokens.pieces[-1], None)


def _needle(word: str, weight: float, language: str) -> Needle:
    return Needle(stemmed(word, language), weight, frozenset(pieces(fold(word, language))))
