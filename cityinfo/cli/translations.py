"""`cityinfo translations`: interface words, from the code to the files that people translate and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import cityinfo
from cityinfo.kernel import errors

if TYPE_CHECKING:
    from babel.messages import Catalog

WHERE = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
SAYING = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None, "ValidationError": None, "say_number": (1, 2)}
PROBLEMS = [name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.Problem)]
WORDS = SAYING | dict.fromkeys(PROBLEMS, (2,))  # their sentence comes after their code
WIDTH = 100  # characters in a line


@click.group()
def translations() -> None:
    """The words of the interface and of mails (gettext, in `translations/`)."""


@translations.command()
def extract() -> None:
    """Collect the words of the code into the template `translations/messages.pot`."""
    _write(_folder() / "messages.pot", words_in_code())


@translations.command()
def update() -> None:
    """Take new words over into every language's file; they are empty there until someone translates them."""
    from cityinfo.kernel.i18n import LANGUAGES

    wanted = words_in_code()
    _write(_folder() / "messages.pot", wanted)
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(wanted, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        _write(_file(language), catalog)


@translations.command("compile")
def compile_() -> None:
    """Make what the program reads (`.mo`) of every language's file."""
    from babel.messages.mofile import write_mo

    from cityinfo.kernel.i18n import LANGUAGES

    for language in LANGUAGES:
        with _file(language).with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read(language))


def words_in_code() -> Catalog:
    """Everything that is to be translated."""
    from babel.messages import Catalog
    from babel.messages.extract import extract_from_dir

    found = Catalog(charset="utf-8")
    code = Path(cityinfo.__file__).parent
    for _, _, words, comments, _ in extract_from_dir(code, WHERE, keywords=WORDS, comment_tags=["translators:"]):
        found.add(words, auto_comments=comments)
    return found


def read(language: str) -> Catalog:
    """What is translated into a language."""
    from babel.messages import Catalog
    from babel.messages.pofile import read_po

    if not _file(language).exists():
        return Catalog(locale=language, charset="utf-8")
    with _file(language).open("rb") as file:
        return read_po(file, locale=language)


def _write(path: Path, catalog: Catalog) -> None:
    from babel.messages.pofile import write_po

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # Without places and dates: they change with every line of code and hide what is new in a comparison.
        write_po(file, catalog, width=WIDTH, no_location=True, omit_header=True, sort_output=True)


def _file(language: str) -> Path:
    from cityinfo.kernel.i18n import DOMAIN

    return _folder() / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _folder() -> Path:
    from cityinfo.kernel.i18n import FOLDER

    return FOLDER
