"""From texts to the tokens they are found by: spelling evened out, words cut into stems and pieces. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from .languages import family, stemmer, stop_words

# Letters that people type for one another, beside those that Unicode takes apart: Arabic and Persian forms, ta marbuta,
# letters that other keyboards lack. A hamza of its own is often left out.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("ىیېےۍ", "ي"),
        **dict.fromkeys("کڪ", "ك"),
        **dict.fromkeys("ةەہھ", "ه"),
        **dict.fromkeys("ٱ", "ا"),
        **dict.fromkeys("ءـʼ", ""),
    }
    | {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ґ": "г"}
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
_APOSTROPHE = re.compile("(?<=[\u0400-\u04ff])['’](?=[\u0400-\u04ff])")  # a letter of Ukrainian, not a gap
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"(?<!\w)\+?\(?\d(?:[\s/().–-]{0,3}\d){5,17}(?!\w)")
_COUNTRY = re.compile(r"^(?:\+|00)49(?:\(?0\)?)?|^\(?0+")
# The digraphs for umlauts; not where two syllables meet ("Steuer", "Quelle").
_DIGRAPH = re.compile("(?<![aeiouqy])([aou])e")
_ETHIOPIC = re.compile("[\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f]")
# Scripts without spaces, or where two signs make a word: Thai, Lao, Burmese, Khmer, Kana, Han.
_DENSE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_PIECE, _ETHIOPIC_PIECE, _DENSE_PIECE = 4, 3, 2  # signs


class Cut(NamedTuple):
    """A word as it is looked up: its stem, and its pieces. Tokens are numbers of 32 bits."""

    stem: int
    pieces: tuple[int, ...]

    @property
    def tokens(self) -> tuple[int, ...]:
        return self.stem, *self.pieces


def even(text: str) -> str:
    """The text in small letters and one way of spelling, without signs that nobody sees."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_DIGITS)
    return _APOSTROPHE.sub("", "".join(one for one in text if one.isascii() or unicodedata.category(one) != "Cf"))


def fold(word: str, language: str) -> str:
    """An evened word without accents, and with one letter for all that are typed for one another."""
    if not word.isascii():
        parts = unicodedata.normalize("NFKD", word)
        bare = "".join(one for one in parts if not unicodedata.category(one).startswith("M"))
        word = unicodedata.normalize("NFC", bare.translate(_ALIKE))
    return _DIGRAPH.sub(r"\1", word) if family(language) == "de" else word


def words(text: str) -> list[str]:
    """The words of an evened text, in order; long numbers once more, without what stands between their digits."""
    return _WORD.findall(_without_vowel_signs(text)) + list(numbers(text))


def numbers(text: str) -> Iterator[str]:
    """Telephone numbers and the like, however they are written, without country and leading zeros."""
    for found in _NUMBER.finditer(text):
        digits = re.sub(r"\D", "", _COUNTRY.sub("", found[0]))
        if len(digits) > 5:
            yield digits


@lru_cache(maxsize=8_192)
def cut(word: str, language: str) -> Cut:
    """What an evened word is found by."""
    stem = crc32(f"={stemmed(word, language)}".encode())
    return Cut(stem, tuple(crc32(piece.encode()) for piece in pieces(fold(word, language))))


def stemmed(word: str, language: str) -> str:
    """The stem of an evened word, folded; the word itself where the language's stems are not known."""
    stem = stemmer(language)
    return fold(stem(word) if stem else word, language)


def pieces(folded: str) -> list[str]:
    """The distinct pieces of a folded word, in order; `_` stands at its edges."""
    if is_dense(folded):
        return _runs(folded, _DENSE_PIECE)
    size = _ETHIOPIC_PIECE if _ETHIOPIC.search(folded) else _PIECE
    return _runs(f"_{folded}_", size)


def is_dense(text: str) -> bool:
    """Whether a text is written in a script without gaps between words."""
    return _DENSE.search(text) is not None


def letter(sign: str) -> str:
    """One letter for a letter, as words are folded."""
    return (fold(even(sign), "") or sign)[0]


@lru_cache(maxsize=32)
def weak_words(language: str) -> frozenset[str]:
    """The words of a language that say little, as they are looked up."""
    return frozenset(fold(one, language) for text in stop_words(language) for one in words(even(text)))


def tokens(text: str, language: str) -> list[int]:
    """Every token of a text, as often as it occurs."""
    found: list[int] = []
    for word in words(even(text)):
        found.extend(cut(word, language).tokens)
    return found


def stretches(text: str, language: str, *, size: int, most: int) -> list[list[int]]:
    """The tokens of a text in stretches of so many words, at most `most`: the last one takes the rest."""
    found = words(even(text))
    ends = [*list(range(size, len(found), size))[: most - 1], len(found)]
    starts = [0, *ends[:-1]]
    return [
        [token for word in found[start:end] for token in cut(word, language).tokens]
        for start, end in zip(starts, ends, strict=True)
    ]


def _runs(text: str, size: int) -> list[str]:
    return list(dict.fromkeys(text[start : start + size] for start in range(max(len(text) - size + 1, 1))))


def _without_vowel_signs(text: str) -> str:
    """Marks would end a word; letters keep theirs as long as they are one sign with them."""
    return text if text.isascii() else "".join(one for one in text if not unicodedata.category(one).startswith("M"))
