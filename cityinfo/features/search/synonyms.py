"""Words that mean the same: those every city shares, and those a city adds."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import resources

from .languages import family
from .words import cut, even, fold, weak_words, words

OWN_WEIGHT, SHARED_WEIGHT = 0.7, 0.5  # of a word that stands in for one that was typed
_RARE = 50  # one in so many documents

Phrase = tuple[str, ...]  # evened words
Weighted = tuple[str, float]


class Synonyms:
    """Groups of phrases of one language, found by the words they begin with."""

    def __init__(self, groups: Iterable[Sequence[str]], language: str) -> None:
        self._language = language
        self._groups = [[tuple(words(even(text))) for text in group] for group in groups]
        self._beginning: dict[int, set[int]] = {}
        for number, group in enumerate(self._groups):
            for phrase in filter(None, group):
                self._beginning.setdefault(self._stem(phrase[0]), set()).add(number)

    def touched(self, stems: Collection[int]) -> Iterator[tuple[list[Phrase], list[Phrase]]]:
        """Of every group of which a phrase was typed: what was, and what could have been."""
        for number in sorted({number for stem in stems for number in self._beginning.get(stem, ())}):
            group = self._groups[number]
            typed = [phrase for phrase in group if phrase and all(self._stem(word) in stems for word in phrase)]
            if typed:
                yield typed, [phrase for phrase in group if phrase not in typed]

    def _stem(self, word: str) -> int:
        return cut(word, self._language).stem


@lru_cache(maxsize=32)
def shared(language: str) -> Synonyms:
    """The groups of a language that every city has."""
    known = tomllib.loads(resources.files(__package__).joinpath("synonyms.toml").read_text("utf-8"))
    return Synonyms([line.split(",") for line in known.get(family(language), ())], language)


def standing_in(
    own: Synonyms, language: str, typed: Sequence[str], *, frequency: Callable[[int], int], documents: int
) -> list[Weighted]:
    """Words that mean the same as typed ones, and what they weigh.

    A city's own always count. Shared ones do where what was typed is rare in this city: there they find what it calls
    otherwise, elsewhere they would only disturb.
    """
    stems = {cut(word, language).stem for word in typed}
    found = [one for _, others in own.touched(stems) for one in _weighed(others, language, OWN_WEIGHT)]
    for phrases, others in shared(language).touched(stems):
        known = max(min(frequency(cut(word, language).stem) for word in phrase) for phrase in phrases)
        if known * _RARE <= documents:
            found += _weighed(others, language, SHARED_WEIGHT)
    return found


def _weighed(phrases: Iterable[Phrase], language: str, weight: float) -> list[Weighted]:
    weak = weak_words(language)
    return [(word, weight / len(phrase)) for phrase in phrases for word in phrase if fold(word, language) not in weak]
