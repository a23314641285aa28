"""The template for German municipalities as readers, cities and lawyers want it: read as files, without a database."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

from cityinfo.features import archives

FOLDER = Path(__file__).parents[2] / "tenants" / "municipality-de"
PAGES = FOLDER / "pages"
LANGUAGES = {"de": "Grundlage:", "en": "Legal basis:"}
TAGS = set(
    "p h2 h3 h4 ul ol li strong em a br table thead tbody tr th td span div blockquote hr img figure figcaption"
    " details summary dl dt dd".split()
)
KINDS = {"text", "phone", "email", "url", "address", "hours"}
PLACEHOLDER = re.compile(r"\{\{ (tenant\.name|facts\.([a-z_]+\.[a-z_]+)) \}\}")
TAG = re.compile(r"</?([a-z0-9]+)([^>]*)>")
LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
# Certain everywhere in Germany; any other number is a fact of a city.
NATIONWIDE = set(
    "110 112 115 116000 116006 116016 116111 116116 116117 116123 08001110111 08001110222 08001110550 08001239900"
    " 08002255530 08004040020 08004555500 08004555530 08005465465 +493018151111".split()
)


@dataclass(frozen=True)
class Text:
    """One page in one language."""

    page: str
    language: str
    title: str
    slug: str
    body: str

    def __str__(self) -> str:
        return f"{self.page}/{self.language}"

    @property
    def words(self) -> str:
        return unescape(TAG.sub(" ", self.body))

    @property
    def placeholders(self) -> set[str]:
        return {found[1] for found in PLACEHOLDER.finditer(self.body)}


def _text(file: Path) -> Text:
    _, head, body = file.read_text("utf-8").split("+++\n", 2)
    facts = tomllib.loads(head)
    return Text(file.parent.relative_to(PAGES).as_posix(), file.stem, facts["title"], facts["slug"], body)


TEXTS = [_text(file) for file in sorted(PAGES.rglob("*.html"))]
FACTS = {fact["key"]: fact for fact in tomllib.loads((FOLDER / "facts.toml").read_text("utf-8"))["facts"]}
OTHER_FILES = {
    f"{file.parent.name}/{file.name}": file.read_text("utf-8")
    for folder in ("imprint", "offers")
    for file in sorted((FOLDER / folder).rglob("*.html"))
}

every_text = pytest.mark.parametrize("text", TEXTS, ids=str)
every_fact = pytest.mark.parametrize("key", FACTS)


def _in_both_languages() -> Iterator[tuple[Text, Text]]:
    english = {text.page: text for text in TEXTS if text.language == "en"}
    for text in TEXTS:
        if text.language == "de":
            yield text, english[text.page]


def test_it_is_read_as_an_archive_and_loses_nothing():
    archive = archives.read_folder(FOLDER)
    assert archive.tenant.status == "hidden"
    assert len(archive.of_kind("page")) == len(TEXTS) / 2 >= 40
    assert archive.notes == []


def test_every_page_is_there_in_german_and_english():
    for file in PAGES.rglob("page.toml"):
        assert {one.stem for one in file.parent.glob("*.html")} == set(LANGUAGES), file.parent


def test_no_address_leads_to_two_pages():
    for language in LANGUAGES:
        slugs = [text.slug for text in TEXTS if text.language == language]
        assert len(slugs) == len(set(slugs))


@every_text
def test_a_page_is_neither_a_note_nor_a_book(text):
    assert 100 <= len(text.words.split()) <= 450


@every_text
def test_a_page_opens_with_words_and_ends_with_what_it_rests_on(text):
    assert text.body.lstrip().startswith("<p>")
    last = PARAGRAPH.findall(text.body)[-1]
    assert text.body.rstrip().endswith(f"<p>{last}</p>")
    assert last.startswith(LANGUAGES[text.language])
    assert LINK.search(last)


@every_text
def test_a_page_uses_only_tags_that_the_format_knows(text):
    assert {tag[1] for tag in TAG.finditer(text.body)} <= TAGS


@every_text
def test_links_lead_to_pages_of_the_template_to_safe_sites_or_to_numbers_that_are_certain(text):
    pages = {one.page for one in TEXTS}
    for address, _ in LINK.findall(text.body):
        scheme, _, rest = address.partition(":")
        assert {
            "entry": rest.removeprefix("pages/") in pages and rest != f"pages/{text.page}",
            "https": rest.startswith("//") and "/" in rest[2:],
            "tel": rest in NATIONWIDE,
        }.get(scheme), address


@every_text
def test_a_number_reads_as_it_is_dialled(text):
    for address, words in LINK.findall(text.body):
        if address.startswith("tel:"):
            assert re.sub(r"\D", "", words) == address.removeprefix("tel:").replace("+49", "0")


@every_text
def test_placeholders_are_declared_and_stand_in_no_attribute(text):
    assert text.body.count("{{") == text.body.count("}}") == len(PLACEHOLDER.findall(text.body))
    assert {key for _, key in PLACEHOLDER.findall(text.body) if key} <= FACTS.keys()
    assert not any("{" in tag[2] for tag in TAG.finditer(text.body))


@every_text
def test_german_has_umlauts_and_addresses_people_politely(text):
    if text.language == "de":
        assert re.search("[äöüß]", text.words)
        assert not re.search(r"\b(du|dich|dir|dein|deine|deinen|deiner|euch|euer|eure)\b", text.words, re.IGNORECASE)
        assert re.search(r"\bSie\b", text.words)


def test_both_languages_ask_for_the_same_facts_and_rest_on_the_same_laws():
    for german, english in _in_both_languages():
        assert german.placeholders == english.placeholders, german
        assert _pages_and_laws(german) == _pages_and_laws(english), german


def _pages_and_laws(text: Text) -> list[str]:
    kept = ("entry:", "tel:", "https://www.gesetze-im-internet.de/")
    return sorted(address for address, _ in LINK.findall(text.body) if address.startswith(kept))


@every_fact
def test_a_fact_says_in_both_languages_what_is_asked_for(key):
    fact = FACTS[key]
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", key)
    assert fact["kind"] in KINDS
    assert fact["translated"] == (fact["kind"] in ("text", "hours"))
    assert isinstance(fact["required"], bool)
    assert all(fact[part][language] for part in ("label", "help") for language in LANGUAGES)


@every_fact
def test_a_fact_is_used(key):
    everything = [text.body for text in TEXTS] + list(OTHER_FILES.values())
    assert any(f"{{{{ facts.{key} }}}}" in one for one in everything)


@every_fact
def test_what_may_be_missing_stands_in_a_list_item_of_its_own(key):
    if not FACTS[key]["required"]:
        for text in TEXTS:
            without = re.sub(r"<li>[^<{]*\{\{ facts\.[a-z_.]+ \}\}</li>", "", text.body)
            assert f"facts.{key} " not in without, text


def test_imprint_and_offers_ask_only_for_facts_that_are_declared():
    for name, words in OTHER_FILES.items():
        assert {key for _, key in PLACEHOLDER.findall(words) if key} <= FACTS.keys(), name
        assert words.count("{{") == len(PLACEHOLDER.findall(words)), name


def test_imprint_and_offers_are_there_in_german_and_english():
    for folder in {name.partition("/")[0] for name in OTHER_FILES}:
        assert {f"{folder}/{language}.html" for language in LANGUAGES} <= OTHER_FILES.keys()


def test_kinds_of_places_have_a_name_in_both_languages():
    categories = tomllib.loads((FOLDER / "settings.toml").read_text("utf-8"))["categories"]
    assert len(categories) >= 5
    assert all(category["names"].keys() == LANGUAGES.keys() for category in categories)
