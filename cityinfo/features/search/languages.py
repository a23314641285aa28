"""What is known of languages: how their words are stemmed, which say little, in which letters they are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import orjson

_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
_OTHER_NAMES = {"prs": "fa", "nb": "no", "nn": "no", "kmr": "ku", "ckb": "ku"}
_LATIN = "LATIN"
_SCRIPTS = {
    "ARABIC": ("ar", "fa", "ur", "ps", "ckb", "ug"),
    "CYRILLIC": ("ru", "uk", "bg", "mk", "sr", "be", "kk"),
    "ETHIOPIC": ("am", "ti"),
    "GREEK": ("el",),
    "HEBREW": ("he", "yi"),
    "CJK": ("zh", "ja"),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "HANGUL": ("ko",),
    "THAI": ("th",),
    "ARMENIAN": ("hy",),
    "GEORGIAN": ("ka",),
    "DEVANAGARI": ("hi", "ne", "mr"),
    "BENGALI": ("bn",),
    "TAMIL": ("ta",),
    "KHMER": ("km",),
}
_SCRIPT_OF = {language: script for script, languages in _SCRIPTS.items() for language in languages}


def family(language: str) -> str:
    """The language whose words those of a city's language are, by ISO 639: `de-simple` is German."""
    known = language.lower().replace("_", "-").split("-")[0]
    return _OTHER_NAMES.get(known, known)


@lru_cache(maxsize=32)
def stemmer(language: str) -> Callable[[str], str] | None:
    """What brings words of a language to their stem; nothing where nobody has written it down."""
    algorithm = _STEMMERS.get(family(language))
    if algorithm is None:
        return None
    import Stemmer  # loaded with the first search: most processes never search

    stem: Callable[[str], str] = Stemmer.Stemmer(algorithm, 0).stemWord
    return stem


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words that say little, as they are written. None where no list of them is known."""
    package = find_spec("stopwordsiso")  # imported, it would keep the lists of all languages in memory
    assert package is not None
    assert package.origin is not None
    lists = orjson.loads(Path(package.origin).with_name("stopwords-iso.json").read_bytes())
    return frozenset(lists.get(family(language), ()))


def script(text: str) -> str:
    """Unicode's word for the letters a text begins with; empty where it has none."""
    letters = (unicodedata.name(one, "").split(" ")[0] for one in text if one.isalpha())
    return next(letters, "")


def is_written_in(language: str, letters: str) -> bool:
    """Whether a language is written in these letters, as `script` names them."""
    return _SCRIPT_OF.get(family(language), _LATIN) == letters or language in _SCRIPTS.get(letters, ())
