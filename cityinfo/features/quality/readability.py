"""How hard a text is to read, as a school year. Pure, and silent where there is no sound measure.

German: the first Wiener Sachtextformel (Bamberger and Vanecek 1984), from 4, very easy, to 15, very hard.
English: the Flesch-Kincaid grade (1975). Syllables are counted by the vowels that sound together; why no library does
it says docs/decisions/0020-readability-without-textstat.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

LEAST_WORDS = 30  # a shorter text says more about chance than about itself
_LONG = 6  # letters, after which a German word counts as a long one
_HARD_SENTENCE, _LEAST_WORDS_OF_SENTENCE, _MOST_SENTENCES = 14, 12, 3
_MARKS = (6, 9, 11, 13)  # school years from which a text is no longer very easy, easy, quite easy, just hard
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][“”\"»)]))\s+")
# “z. B.”, “3. Mai” and “Nr. 5” end no sentence.
_SHORT = re.compile(r"(?:^|\W)(?:[^\W\d_]|\d{1,2}|Nr|Dr|St|Str|Tel|bzw|ggf|ca|inkl|Mr|Ms)\.$")
_GERMAN_VOWELS = re.compile("aa|ee|oo|e[iuy]|a[iuy]|äu|ie|o[iy]|ui|[aeiouyäöü]")
_ENGLISH_VOWELS = re.compile("[aeiouy]+")
_ENGLISH_APART = re.compile("ia|io(?!n|us)|eo|ua(?!r)|uo|iu")  # two that sound one after the other
_ENGLISH_SILENT = re.compile("(?<=[^aeiouyl])(?:e|(?<![td])ed|(?<![sxzcg])(?<!ch)(?<!sh)es)$")


@dataclass(frozen=True, slots=True)
class Readability:
    """What the measure says, and the sentences that weigh most."""

    grade: float
    hardest: Sequence[str]

    @property
    def year(self) -> int:
        """The school year as people say it: both measures leave their scale where texts are very short or very long."""
        return min(15, max(1, round(self.grade)))

    @property
    def ease(self) -> int:
        """From 1, very hard to read, to 5, very easy."""
        return 5 - sum(self.year >= mark for mark in _MARKS)


def readability(text: str, language: str) -> Readability | None:
    """What can be said of words that stand on lines as `html.plain_text` writes them; None where nothing can."""
    formula = _FORMULAS.get(language.partition("-")[0])
    sentences = list(_sentences(text))
    if formula is None or sum(len(words) for _, words in sentences) < LEAST_WORDS:
        return None
    grade = round(formula([words for _, words in sentences]), 1)
    return Readability(grade, _hardest(sentences, formula))


Sentences = Sequence[Sequence[str]]


def _sentences(text: str) -> Iterator[tuple[str, list[str]]]:
    """Sentences with their words. A line that ends without a dot is one too: a heading, an item of a list."""
    for line in text.split("\n"):
        begun: list[str] = []
        for piece in _END.split(line):
            begun.append(piece)
            if not _SHORT.search(piece):
                yield from _with_words(begun)
                begun = []
        yield from _with_words(begun)


def _with_words(pieces: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    said = " ".join(pieces)
    if words := _WORD.findall(said):
        yield said, words


def _hardest(sentences: Sequence[tuple[str, list[str]]], formula: Callable[[Sentences], float]) -> list[str]:
    """The few that someone should split first, the worst first."""
    graded = [(formula([words]), said) for said, words in sentences if len(words) >= _LEAST_WORDS_OF_SENTENCE]
    return [said for grade, said in sorted(graded, reverse=True)[:_MOST_SENTENCES] if grade >= _HARD_SENTENCE]


def _wiener_sachtextformel(sentences: Sentences) -> float:
    words = [word for sentence in sentences for word in sentence]
    syllables = [_in_german(word) for word in words]
    many, one = (_share(words, sum(test)) for test in ([n >= 3 for n in syllables], [n == 1 for n in syllables]))
    long = _share(words, sum(len(word) > _LONG for word in words))
    return 0.1935 * many + 0.1672 * len(words) / len(sentences) + 0.1297 * long - 0.0327 * one - 0.875


def _flesch_kincaid(sentences: Sentences) -> float:
    words = [word for sentence in sentences for word in sentence]
    syllables = sum(_in_english(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _share(words: Sequence[str], some: int) -> float:
    return 100 * some / len(words)


def _in_german(word: str) -> int:
    return max(1, len(_GERMAN_VOWELS.findall(word.lower().replace("qu", "q"))))


def _in_english(word: str) -> int:
    said = _ENGLISH_SILENT.sub("", word.lower())
    return max(1, len(_ENGLISH_VOWELS.findall(said)) + len(_ENGLISH_APART.findall(said)))


_FORMULAS: dict[str, Callable[[Sentences], float]] = {"de": _wiener_sachtextformel, "en": _flesch_kincaid}
