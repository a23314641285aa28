"""Words of the interface, of mails and of problems, in the language of whoever reads them (gettext).

Source texts are English and stand in the code inside `_` or `ngettext`, which say them at once, or inside `say` or
`say_number`, which make a sentence for whoever will read it; translations are `translations/<language>/`. What editors
write is content, and never stands here.
"""

from __future__ import annotations

import gettext
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, reduce
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cityinfo

FOLDER = Path(cityinfo.__file__).parent.parent / "translations"
DOMAIN = "messages"
LANGUAGES = ("de", "en")  # complete; a test holds it
DEFAULT = "de"
SOURCE = "en"
_KEPT = '{"one": '  # how a sentence with values begins where it is kept

_language: ContextVar[str] = ContextVar("interface language", default=DEFAULT)


class Sentence(str):
    """A sentence that is finished in English, and keeps template and values to be said in another language.

    To logs, JSON and the terminal it is the English text. Values may be sentences themselves. Only the template is ever
    read as one: braces in a value, or in words that have no values, are ordinary signs.
    """

    one: str
    many: str
    number: int
    values: Mapping[str, object]

    def __new__(
        cls, one: str, many: str = "", number: int = 0, values: Mapping[str, object] = MappingProxyType({})
    ) -> Sentence:
        kept = {name: value if isinstance(value, Sentence | int) else str(value) for name, value in values.items()}
        said = super().__new__(cls, _filled(one if not many or number == 1 else many, kept))
        said.one, said.many, said.number, said.values = str(one), str(many), number, kept
        return said

    def __getnewargs__(self) -> tuple[str, str, int, Mapping[str, object]]:  # type: ignore[override] # copies are whole
        return self.one, self.many, self.number, self.values

    def with_values(self, **values: object) -> Sentence:
        """The same sentence about something: for those that are chosen from a table."""
        return Sentence(self.one, self.many, self.number, {**self.values, **values})

    def spoken(self) -> str:
        """In the language that is spoken, the sentences within it too."""
        words = _translations(language())
        values = {name: said(value) if isinstance(value, Sentence) else value for name, value in self.values.items()}
        template = words.ngettext(self.one, self.many, self.number) if self.many else _looked_up(words, self.one)
        return _filled(template, values)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside in this language; in the default one when we do not speak it."""
    token = _language.set(known(language))
    try:
        yield
    finally:
        _language.reset(token)


def language() -> str:
    """The one that is spoken now."""
    return _language.get()


def known(language: str) -> str:
    """The language itself, or the one it belongs to (`de-AT`), if we speak it; else the default."""
    return next((one for one in (language.lower(), language.lower()[:2]) if one in LANGUAGES), DEFAULT)


def _(text: str, /, **values: object) -> str:
    """The text in the language that is spoken, with values put into its ``{names}``."""
    said = _translations(language()).gettext(text)
    return said.format(**values) if values else said


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """The form that fits the number, which may be used as ``{number}``."""
    return _translations(language()).ngettext(one, many, number).format(number=number, **values)


def say(text: str, /, **values: object) -> Sentence:
    """A sentence for whoever will read it, with values put into its ``{names}``. The text is a literal."""
    return Sentence(text, values=values)


def say_number(one: str, many: str, number: int, /, **values: object) -> Sentence:
    """The same in the form that fits the number, which may be used as ``{number}``."""
    return Sentence(one, many, number, {"number": number, **values})


def said(words: str) -> str:
    """A sentence in the language that is spoken; all other words as they are."""
    return words.spoken() if isinstance(words, Sentence) else words


def said_again(kept: str) -> str:
    """A sentence of ours that was kept, with or without values, in the language that is spoken."""
    return said(kept if isinstance(kept, Sentence) else Sentence(kept))


def decimal(number: float, places: int) -> Sentence:
    """A number with so many places behind its point, or behind its comma."""
    whole, _, fraction = f"{number:.{places}f}".partition(".")
    return say("{whole}.{fraction}", whole=whole, fraction=fraction)


def either(names: Sequence[str]) -> str:
    """Names of which one would do, as they stand within a sentence."""
    return reduce(lambda first, second: say("{first} or {second}", first=first, second=second), names)


def kept(words: str) -> str:
    """Words as plain text from which `recalled` makes them again: a sentence with its values, if it has some."""
    if is_kept(words):  # what others wrote is never taken for a sentence of ours
        words = Sentence("{words}", values={"words": str(words)})
    if not isinstance(words, Sentence) or not words.values:
        return str(words)
    return json.dumps(_parts(words), ensure_ascii=False)


def is_kept(text: str) -> bool:
    """Whether this is a sentence with values, as `kept` writes it."""
    return text.startswith(_KEPT)


def recalled(text: str) -> Sentence:
    """The sentence that `kept` has written; other words are one that has no values."""
    return _of_parts(json.loads(text)) if is_kept(text) else Sentence(text)


def with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """What is about to be written as JSON, with every text in it changed; names stay."""
    if isinstance(value, Mapping):
        return {name: with_texts(one, change) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [with_texts(one, change) for one in value]
    return change(value) if isinstance(value, str) else value


def _parts(sentence: Sentence) -> dict[str, object]:
    values = {name: _parts(one) if isinstance(one, Sentence) else one for name, one in sentence.values.items()}
    return {"one": sentence.one, "many": sentence.many, "number": sentence.number, "values": values}


def _of_parts(parts: Mapping[str, Any]) -> Sentence:
    values = {name: _of_parts(one) if isinstance(one, dict) else one for name, one in parts["values"].items()}
    return Sentence(parts["one"], parts["many"], parts["number"], values)


def _filled(template: str, values: Mapping[str, object]) -> str:
    return template.format(**values) if values else template


def _looked_up(words: gettext.NullTranslations, text: str) -> str:
    return words.gettext(text) if text else ""  # the empty one is the head of the catalogue


@cache
def _translations(language: str) -> gettext.NullTranslations:
    # English is the source: without a catalogue the texts stand for themselves.
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=language == SOURCE)
