"""Words of the interface in the language of whoever reads them."""

from __future__ import annotations

import copy
import gettext
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityinfo.kernel import i18n
from cityinfo.kernel.i18n import _, ngettext, say, say_number


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Guten Tag,"), ("de-AT", "Guten Tag,"), ("en", "Hello,"), ("EN-gb", "Hello,")]
)
def test_a_text_is_said_in_the_language_that_is_spoken(language, said):
    with i18n.speaking(language):
        assert _("Hello,") == said


def test_a_language_we_do_not_speak_is_answered_in_german():
    with i18n.speaking("ar"):
        assert (_("Hello,"), i18n.language()) == ("Guten Tag,", "de")


def test_after_someone_else_was_spoken_to_the_language_is_as_before():
    with i18n.speaking("en"):
        with i18n.speaking("de"):
            assert _("Hello,") == "Guten Tag,"
        assert _("Hello,") == "Hello,"


def test_two_threads_speak_at_once_each_in_its_own_language():
    def say(language):
        with i18n.speaking(language):
            return _("Hello,")

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(say, ["de", "en"] * 20)) == ["Guten Tag,", "Hello,"] * 20


def test_what_is_put_into_a_text_is_never_read_as_part_of_it():
    with i18n.speaking("en"):
        assert _("Hello {name},", name="{city} 100%") == "Hello {city} 100%,"


def test_a_number_chooses_the_form(monkeypatch):
    monkeypatch.setattr(i18n, "_translations", lambda language: gettext.NullTranslations())
    said = [ngettext("{number} page", "{number} pages", number) for number in (0, 1, 2)]
    assert said == ["0 pages", "1 page", "2 pages"]


@given(st.dictionaries(st.sampled_from(["name", "city"]), st.text(), min_size=2))
def test_values_of_a_sentence_are_never_read_as_templates(values):
    sentence = say("{name} in {city}", **values)
    assert sentence == f"{values['name']} in {values['city']}"
    assert i18n.said(sentence) == sentence


def test_a_sentence_is_english_until_it_is_spoken():
    sentence = say("There is no page {page_id}.", page_id=7)
    with i18n.speaking("de"):
        assert (str(sentence), i18n.said(sentence)) == ("There is no page 7.", "Es gibt keine Seite 7.")


def test_a_sentence_within_a_sentence_is_spoken_too():
    sentence = say("“{title}”: {reason}", title="{oops}", reason=say("A text needs a title."))
    with i18n.speaking("de"):
        assert i18n.said(sentence) == "„{oops}“: Ein Text braucht einen Titel."


def test_a_sentence_fits_its_number():
    one, many = (say_number("{number} entry", "{number} entries", number) for number in (1, 2))
    assert (one, many) == ("1 entry", "2 entries")
    assert copy.deepcopy(many) == many
    assert copy.deepcopy(many).values == many.values


def test_a_sentence_that_was_kept_is_said_in_the_language_of_whoever_reads_it_later():
    inner = say_number("{number} page", "{number} pages", 2)
    sentence = say("There is no category “{slug}”.", slug=inner)
    again = i18n.recalled(i18n.kept(sentence))
    assert (again, type(again)) == (sentence, i18n.Sentence)
    with i18n.speaking("de"):
        assert i18n.said(again) == i18n.said(sentence) != sentence


@given(st.one_of(st.text(), st.text().map(lambda text: '{"one": ' + text)))
def test_words_of_others_are_kept_as_they_are_even_if_they_look_like_a_sentence(words):
    assert i18n.recalled(i18n.kept(words)) == words


def test_what_an_older_release_kept_in_english_is_said_in_german():
    with i18n.speaking("de"):
        assert (
            i18n.said(i18n.recalled("There is nothing under this address.")) == "Unter dieser Adresse gibt es nichts."
        )


@pytest.mark.parametrize(("language", "said"), [("de", "„a.png“ hat 1,5 MB"), ("en", "“a.png” has 1.5 MB")])
def test_a_decimal_number_has_the_point_of_its_language(language, said):
    sentence = say(
        "“{name}” has {size}; {most} is the most for one file.",
        name="a.png",
        size=say("{number} MB", number=i18n.decimal(1.5, 1)),
        most=say("{number} MB", number=i18n.decimal(1, 1)),
    )
    with i18n.speaking(language):
        assert i18n.said(sentence).startswith(said)
