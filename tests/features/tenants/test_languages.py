"""The language registry: every entry is complete, well-formed and unambiguous."""

import re
import tomllib
import unicodedata
from collections import Counter
from importlib.resources import files

import pytest

REGISTRY = files("cityinfo") / "features" / "tenants" / "languages.toml"
LANGUAGES = tomllib.loads(REGISTRY.read_text(encoding="utf-8"))["language"]

FIELDS = {"slug", "bcp47", "native_name", "name_de", "name_en", "direction"}

RIGHT_TO_LEFT = {"ar", "ckb", "fa", "he", "prs", "ps", "ur"}

# The "langtag" rule of RFC 5646, section 2.1, without private-use-only and
# grandfathered tags: a page of a city is always in a real language.
WELL_FORMED_TAG = re.compile(
    r"""
    (?: [a-z]{2,3} (?: -[a-z]{3} ){0,3} | [a-z]{4} | [a-z]{5,8} )  # language
    (?: -[a-z]{4} )?                                               # script
    (?: -(?: [a-z]{2} | [0-9]{3} ) )?                              # region
    (?: -(?: [a-z0-9]{5,8} | [0-9][a-z0-9]{3} ) )*                 # variants
    (?: -[0-9a-wy-z] (?: -[a-z0-9]{2,8} )+ )*                      # extensions
    (?: -x (?: -[a-z0-9]{1,8} )+ )?                                # private use
    """,
    re.VERBOSE | re.IGNORECASE,
)

each_language = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language["slug"])


def repeated(values):
    return sorted(value for value, count in Counter(values).items() if count > 1)


def by_slug(slug):
    return next(language for language in LANGUAGES if language["slug"] == slug)


def test_the_registry_offers_at_least_45_languages():
    assert len(LANGUAGES) >= 45


@pytest.mark.parametrize(
    ("slug", "name_en"),
    [
        ("de-si", "Easy German"),
        ("ti", "Tigrinya"),
        ("ckb", "Kurdish (Sorani)"),
        ("prs", "Dari"),
        ("uk", "Ukrainian"),
        ("rom", "Romani"),
    ],
)
def test_languages_that_are_often_forgotten_are_on_offer(slug, name_en):
    assert by_slug(slug)["name_en"] == name_en


def test_german_is_the_first_language():
    assert LANGUAGES[0]["slug"] == "de"


@each_language
def test_a_language_has_exactly_the_known_fields(language):
    assert set(language) == FIELDS


@each_language
def test_a_slug_is_lower_case_and_safe_in_an_address(language):
    assert re.fullmatch(r"[a-z]{2,3}(-[a-z]+)?", language["slug"])


def test_no_slug_is_used_twice():
    assert repeated(language["slug"] for language in LANGUAGES) == []


@each_language
def test_a_bcp_47_tag_is_well_formed(language):
    assert WELL_FORMED_TAG.fullmatch(language["bcp47"])


def test_no_bcp_47_tag_is_used_twice_in_whatever_case():
    assert repeated(language["bcp47"].lower() for language in LANGUAGES) == []


@each_language
def test_a_slug_and_its_tag_name_the_same_language(language):
    assert language["slug"].split("-")[0] == language["bcp47"].split("-")[0]


@each_language
def test_a_direction_is_left_to_right_or_right_to_left(language):
    assert language["direction"] in {"ltr", "rtl"}


def test_exactly_the_known_languages_run_from_right_to_left():
    found = {language["slug"] for language in LANGUAGES if language["direction"] == "rtl"}
    assert found == RIGHT_TO_LEFT


@each_language
def test_a_native_name_is_written_in_the_direction_of_its_language(language):
    classes = {unicodedata.bidirectional(char) for char in language["native_name"]}
    is_right_to_left = bool(classes & {"R", "AL"})
    assert is_right_to_left == (language["direction"] == "rtl")


@each_language
@pytest.mark.parametrize("field", ["native_name", "name_de", "name_en"])
def test_no_name_is_empty_or_padded_with_spaces(language, field):
    name = language[field]
    assert name
    assert name == name.strip()


@each_language
def test_a_native_name_is_stored_in_composed_unicode(language):
    assert unicodedata.is_normalized("NFC", language["native_name"])


@pytest.mark.parametrize("field", ["native_name", "name_de", "name_en"])
def test_no_two_languages_share_a_name(field):
    assert repeated(language[field] for language in LANGUAGES) == []


@pytest.mark.parametrize("tag", ["de", "de-simple", "sr-Latn", "zh-Hans", "pt-BR"])
def test_the_well_formedness_check_accepts_proper_tags(tag):
    assert WELL_FORMED_TAG.fullmatch(tag)


@pytest.mark.parametrize("tag", ["", "d", "de_DE", "de-", "de-si-", "zh--Hans", "x-de"])
def test_the_well_formedness_check_refuses_broken_tags(tag):
    assert not WELL_FORMED_TAG.fullmatch(tag)
