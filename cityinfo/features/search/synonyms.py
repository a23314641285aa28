"""Words that mean the same: those every city shares, and those a city adds."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import takewhile

from .languages import family
from .postings import Postings
from .words import cut, even, fold, weak_words, words

OWN_WEIGHT, SHARED_WEIGHT = 0.7, 0.5  # of a word that stands in for one that was typed
_RARE = 50  # one in so many documents
SHORTEST_MISTYPED = 5  # letters of a word that may stand for another one

Phrase = tuple[str, ...]  # evened words
Weighted = tuple[str, float]


class Synonyms:
    """Groups of phrases of one language, found by the words they begin with."""

    def __init__(self, groups: Iterable[Sequence[str]], language: str) -> None:
        self._language = language
        self._groups = [[tuple(words(even(text))) for text in group] for group in groups]
        self._beginning: dict[int, set[int]] = {}
        self._spelt: dict[int, dict[str, str]] = {}  # by length: the words, as they are folded
        for number, group in enumerate(self._groups):
            for phrase in filter(None, group):
                self._beginning.setdefault(self._stem(phrase[0]), set()).add(number)
                for word in phrase:
                    spelt = fold(word, language)
                    self._spelt.setdefault(len(spelt), {})[spelt] = word

    def touched(self, stems: Collection[int]) -> Iterator[tuple[list[Phrase], list[Phrase]]]:
        """Of every group of which a phrase was typed: what was, and what could have been."""
        for number in sorted({number for stem in stems for number in self._beginning.get(stem, ())}):
            group = self._groups[number]
            typed = [phrase for phrase in group if phrase and all(self._stem(word) in stems for word in phrase)]
            if typed:
                yield typed, [phrase for phrase in group if phrase not in typed]

    def meant(self, word: str) -> list[str]:
        """The words that someone may have meant who made one mistake in a word; none for a word that is known."""
        typed = fold(word, self._language)
        size = len(typed)
        if size < SHORTEST_MISTYPED or typed in self._spelt.get(size, ()):
            return []
        near = (one for length in (size - 1, size, size + 1) for one in self._spelt.get(length, {}).items())
        return [word for spelt, word in near if is_one_mistake(typed, spelt)]

    def _stem(self, word: str) -> int:
        return cut(word, self._language).stem


def is_one_mistake(typed: str, meant: str) -> bool:
    """Whether one letter is missing, too many or another one, or two stand the wrong way round, in a long word."""
    if typed == meant or (typed[:2] != meant[:2] and typed[-2:] != meant[-2:]):
        return False  # most words differ at both ends
    alike = list(takewhile(lambda pair: pair[0] == pair[1], zip(typed, meant, strict=False)))
    typed, meant = typed[len(alike) :], meant[len(alike) :]
    left_out_or_other = meant[1:] in (typed, typed[1:])
    too_many = typed[1:] == meant
    exchanged = typed[:2] == meant[1::-1] and typed[2:] == meant[2:]
    return left_out_or_other or too_many or exchanged


@lru_cache(maxsize=32)
def shared(language: str) -> Synonyms:
    """The groups of a language that every city has."""
    known = tomllib.loads(resources.files(__package__).joinpath("synonyms.toml").read_text("utf-8"))
    return Synonyms([line.split(",") for line in known.get(family(language), ())], language)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What means the same in a language: by a city's own word, and by what every city shares."""

    language: str
    own: Synonyms
    shared: Synonyms

    @classmethod
    def of(cls, language: str, groups: Iterable[Sequence[str]] = (), *, with_shared: bool = True) -> Lexicon:
        own = Synonyms(groups, language)
        return cls(language, own, shared(language) if with_shared else Synonyms((), language))

    def standing_in(self, typed: Sequence[str], postings: Postings) -> list[Weighted]:
        """Words that mean the same as typed ones, and what they weigh.

        A city's own always count. Shared ones do where what was typed is rare in this city: there they find what it
        calls otherwise, elsewhere they would only disturb. A word that no text has may be mistyped.
        """
        meant = [one for word in typed if not self._known((word,), postings) for one in self._meant(word)]
        stems = {cut(word, self.language).stem for word in (*typed, *meant)}
        found = [(word, SHARED_WEIGHT) for word in meant]
        for _, others in self.own.touched(stems):
            found += self._weighed(others, OWN_WEIGHT)
        for phrases, others in self.shared.touched(stems):
            if max(self._known(phrase, postings) for phrase in phrases) * _RARE <= postings.documents:
                found += self._weighed(others, SHARED_WEIGHT)
        return found

    def _meant(self, word: str) -> list[str]:
        return [*self.own.meant(word), *self.shared.meant(word)]

    def _known(self, phrase: Phrase, postings: Postings) -> int:
        return min(postings.frequency(cut(word, self.language).stem) for word in phrase)

    def _weighed(self, phrases: Iterable[Phrase], weight: float) -> Iterator[Weighted]:
        weak = weak_words(self.language)
        for phrase in phrases:
            telling = (word for word in phrase if fold(word, self.language) not in weak)
            yield from ((word, weight / len(phrase)) for word in telling)
