"""Invented prose for generated cities: many words, used as unevenly as real ones, in each language's own script."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate

VOCABULARY = 4_000  # words of a language
_WEIGHTS = tuple(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))
_TITLE = (2, 5)  # words
_SENTENCE = (5, 16)
_PARAGRAPH = (2, 5)  # sentences

# Beginnings, middles and ends of syllables. The words mean nothing; letters, lengths and bytes are those of the script.
_SYLLABLES: dict[str, tuple[str, str, str]] = {
    "de": ("b d f g h k l m n r s t w z br sch st gr kl", "a e i o u ä ö ü ei au ie", "- - n r s t ch ng rt"),
    "en": ("b c d f g h l m n p r s t w th sh br tr st", "a e i o u ea oo ou", "- - n r s t ck ng rd ly"),
    "ar": ("ب ت ج ح خ د ر س ش ص ط ع غ ف ق ك ل م ن ه", "ا و ي - -", "- - ة ن ر"),
    "fa": ("ب پ ت ج چ خ د ر ز س ش ف ق ک گ ل م ن ه", "ا و ی - -", "- - ه ن ر"),
    "es": ("b c d f g l m n p r s t v br tr ll", "a e i o u ia ue", "- - - n r s"),
    "uk": ("б в г д ж з к л м н п р с т х ч ш", "а е и і о у ї я", "- - в н р т й"),
    "ru": ("б в г д ж з к л м н п р с т х ч ш", "а е и о у ы ю я", "- - в н р т й"),
    "tr": ("b c ç d g h k l m n r s ş t y z", "a e ı i o ö u ü", "- - k l n r ş"),
    "fr": ("b c d f g l m n p r s t v ch br", "a e é i o u eau ou ai", "- - - n r s t"),
    "ro": ("b c d f g l m n p r s ș t ț v", "a ă e i î o u ea", "- - n r s t"),
}
LANGUAGES = tuple(_SYLLABLES)


@dataclass(frozen=True, slots=True)
class Words:
    """A text as an editor would have saved it: clean HTML."""

    title: str
    content: str


@dataclass
class Author:
    """Writes in one language; the same seed writes the same."""

    language: str
    seed: int = 0
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(f"{self.language} {self.seed}")

    def write(self, number: int, *, size: int) -> Words:
        """A text of about `size` bytes whose title no other number has."""
        title = f"{self._words(_TITLE).capitalize()} {number}"
        blocks: list[str] = []
        left = size
        while left > 0:
            block = self._block(len(blocks))
            blocks.append(block)
            left -= len(block.encode())
        return Words(title, _shortened(blocks, by=-left))

    def _block(self, number: int) -> str:
        if number % 5 == 3:
            items = "".join(f"<li>{self._words(_TITLE)}</li>" for _ in range(3))
            return f"<ul>{items}</ul>"
        heading = f"<h2>{self._words(_TITLE).capitalize()}</h2>" if number % 3 == 1 else ""
        sentences = (self._words(_SENTENCE).capitalize() for _ in range(self._random.randint(*_PARAGRAPH)))
        return f"{heading}<p>{'. '.join(sentences)}.</p>"

    def _words(self, between: tuple[int, int]) -> str:
        count = self._random.randint(*between)
        return " ".join(self._random.choices(_vocabulary(self.language), cum_weights=_WEIGHTS, k=count))


@cache
def _vocabulary(language: str) -> list[str]:
    """All authors of a language share its words."""
    starts, middles, ends = (_parts(text) for text in _SYLLABLES[language])
    chance = random.Random(language)
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        syllables = chance.choices((1, 2, 3, 4), (2, 4, 3, 1))[0]
        word = "".join(chance.choice(starts) + chance.choice(middles) + chance.choice(ends) for _ in range(syllables))
        found[word] = None
    return sorted(found, key=len)  # as everywhere, short words are the frequent ones


def _parts(text: str) -> Sequence[str]:
    return ["" if part == "-" else part for part in text.split()]


def _shortened(blocks: Sequence[str], *, by: int) -> str:
    """The last block is cut between words, so that texts are of one length within a few bytes."""
    *before, last = blocks
    tag = "</ul>" if last.endswith("</ul>") else "</p>"
    if tag == "</ul>" or by <= 0:
        return "".join(blocks)
    words = last.removesuffix(".</p>").split(" ")
    while by > 0 and len(words) > 2 and "</h2>" not in words[-1]:
        by -= len(words.pop().encode()) + 1
    return "".join([*before, f"{' '.join(words).removesuffix('.')}.</p>"])
