"""Interface words: nothing is forgotten, and what the program reads is what people translated."""

from __future__ import annotations

import re
import shutil

import pytest
from babel.messages import Catalog
from click.testing import CliRunner

from cityinfo.cli import main, translations
from cityinfo.kernel import i18n


@pytest.fixture(scope="module")
def in_code():
    return words_of(translations.words_in_code())


def words_of(catalog: Catalog):
    return {message.id for message in catalog if message.id}


def test_every_word_of_the_code_has_a_place_in_every_language(in_code):
    """After a change of words: cityinfo translations update."""
    for language in i18n.LANGUAGES:
        assert words_of(translations.read(language)) == in_code, language


def test_german_is_complete_and_certain():
    german = translations.read("de")
    assert [message.id for message in german if message.id and (not message.string or message.fuzzy)] == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_translation_names_what_the_source_names(language):
    for message in translations.read(language):
        if message.string and isinstance(message.id, str):
            assert sorted(re.findall(r"{\w+}", message.string)) == sorted(re.findall(r"{\w+}", message.id)), message.id


def test_new_words_are_taken_over_and_translations_stay(tmp_path, monkeypatch):
    shutil.copytree(i18n.FOLDER, tmp_path / "translations")
    monkeypatch.setattr(i18n, "FOLDER", tmp_path / "translations")
    file = tmp_path / "translations" / "de" / "LC_MESSAGES" / "messages.po"
    before = file.read_text("utf-8")
    file.write_text(before.replace('msgid "Hello,"', 'msgid "Good day,"'), "utf-8")
    assert CliRunner().invoke(main, ["translations", "update"]).exit_code == 0
    after = translations.read("de")
    assert (after["Hello,"].string, after.get("Good day,")) == ("", None)
    assert after["About:"].string == "Betrifft:"
    assert CliRunner().invoke(main, ["translations", "compile"]).exit_code == 0
    assert file.with_suffix(".mo").stat().st_size > 0
