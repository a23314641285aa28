"""The passage of a text that answers best, with what was found marked in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from .words import is_dense, letter, pieces

MOST = 220  # characters of a passage
_BEFORE = 80  # characters in front of what was found, at most
_MOST_HITS = 20  # of one needle in one text
_SHORT = 4  # letters; what is shorter is looked for at the beginning of words only
_ALIKE = 0.4  # of its pieces make a word one that may be meant
_WORD = re.compile(r"\w+")
_ENDS = "\n.!?։。؟።"  # of sentences
_LONG_NUMBER = re.compile(r"\d{6,}")


class Needle(NamedTuple):
    """What is looked for: the stem of a word in folded letters, what it weighs, and the pieces of the word."""

    stem: str
    weight: float
    pieces: frozenset[str]


class Hit(NamedTuple):
    """Where a needle was found."""

    start: int
    end: int
    needle: int


class _Letters(dict[int, str]):
    """Each letter as it is looked up, one for one, so that places are the same in both texts."""

    def __missing__(self, code: int) -> str:
        found = self[code] = letter(chr(code))
        return found


_LETTERS = _Letters()


@dataclass(frozen=True, slots=True)
class Passages:
    """A text, and the same in folded letters."""

    text: str
    folded: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", self.text.translate(_LETTERS))

    def best(self, needles: Sequence[Needle]) -> str:
        """The passage that holds most of what is looked for, as HTML: escaped, with `mark` around what was found."""
        numbered = list(enumerate(needles))
        exact = {hit for number, needle in numbered for hit in self._exact(number, needle)}
        hits = sorted(exact or {hit for number, needle in numbered for hit in self._alike(number, needle)})
        start, end = self._window(hits, [needle.weight for needle in needles])
        within = [hit for hit in hits if start <= hit.start and hit.end <= end]
        before, after = "… " if start > 0 else "", " …" if end < len(self.text) else ""
        return f"{before}{_marked(self.text, start, end, within)}{after}"

    def _exact(self, number: int, needle: Needle) -> Iterator[Hit]:
        """Where a needle is as it was typed, or with another ending."""
        if _LONG_NUMBER.fullmatch(needle.stem):
            digits = re.finditer(r"\D{0,3}".join(needle.stem), self.folded)
            return (Hit(*one.span(), number) for one in digits)
        short = len(needle.stem) < _SHORT and not is_dense(needle.stem)
        return (Hit(start, end, number) for start, end in self._found(needle.stem, only_at_start=short))

    def _alike(self, number: int, needle: Needle) -> Iterator[Hit]:
        """Words that share so many pieces that they may be meant: misspelt, or put together."""
        for start, end in {word for piece in needle.pieces for word in self._found(piece.strip("_"))}:
            shared = needle.pieces.intersection(pieces(self.folded[start:end]))
            if len(shared) >= _ALIKE * len(needle.pieces):
                yield Hit(start, end, number)

    def _found(self, part: str, *, only_at_start: bool = False) -> Iterator[tuple[int, int]]:
        """The words that hold this part; in scripts without gaps the part alone."""
        place, dense = self.folded.find(part), is_dense(part)
        for _ in range(_MOST_HITS):
            if place < 0 or not part:
                return
            start, end = (place, place + len(part)) if dense else self._word_around(place)
            if not only_at_start or start == place:
                yield start, end
            place = self.folded.find(part, max(end, place + 1))

    def _word_around(self, place: int) -> tuple[int, int]:
        start = place
        while start > 0 and self.folded[start - 1].isalnum():
            start -= 1
        end = _WORD.match(self.folded, place)
        return start, end.end() if end else place + 1

    def _window(self, hits: Sequence[Hit], weights: Sequence[float]) -> tuple[int, int]:
        first = _heaviest(hits, weights)
        start = self._beginning(first)
        if start + MOST >= len(self.text):
            return start, len(self.text)
        gap = max(self.text.rfind(sign, start + MOST // 2, start + MOST) for sign in " \n")
        return start, gap if gap > 0 else start + MOST

    def _beginning(self, place: int) -> int:
        """Where to begin to read what stands at a place: at its sentence, if that begins near, else between words."""
        nearest = max(place - _BEFORE, 0)
        end_before = max(self.text.rfind(sign, nearest, place) for sign in _ENDS)
        if end_before < 0 and nearest > 0:
            end_before = self.text.find(" ", nearest, place)
        start = nearest if end_before < 0 else end_before + 1
        return start + len(self.text[start:place]) - len(self.text[start:place].lstrip())


def _heaviest(hits: Sequence[Hit], weights: Sequence[float]) -> int:
    """Where the stretch begins in which most of what is looked for stands together."""
    best, best_start, left, held = 0.0, 0, 0, Counter[int]()
    for hit in hits:
        held[hit.needle] += 1
        while hit.end - hits[left].start > MOST - _BEFORE and hits[left] is not hit:
            held[hits[left].needle] -= 1
            left += 1
        weight = sum(weights[needle] for needle, times in held.items() if times)
        if weight > best:
            best, best_start = weight, hits[left].start
    return best_start


def _marked(text: str, start: int, end: int, hits: Sequence[Hit]) -> str:
    written, place = [], start
    for hit in hits:
        if hit.start < place:
            continue
        written += [escape(text[place : hit.start]), f"<mark>{escape(text[hit.start : hit.end])}</mark>"]
        place = hit.end
    return "".join([*written, escape(text[place:end])]).replace("\n", " ").strip()
