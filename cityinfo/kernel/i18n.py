"""Words of the interface and of mails, in the language of whoever reads them (gettext).

Source texts are English and stand in the code inside `_` or `ngettext`; translations are `translations/<language>/`.
What editors write is content, and never stands here.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import cityinfo

FOLDER = Path(cityinfo.__file__).parent.parent / "translations"
DOMAIN = "messages"
LANGUAGES = ("de", "en")  # complete; a test holds it
DEFAULT = "de"

_language: ContextVar[str] = ContextVar("interface language", default=DEFAULT)


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


@cache
def _translations(language: str) -> gettext.NullTranslations:
    # English is the source: without a catalogue the texts stand for themselves.
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=language == "en")
