"""What readers are shown of an entry that is not written in their language."""

from __future__ import annotations

import orjson
import pytest

from cityinfo.features import content, publishing
from tests.factories import make_city
from tests.factories_entries import EDITOR, found, write

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)

TREE = ("de", "en", "ar")


@pytest.fixture
def city(database):
    """A city that falls back; English and Arabic are translated from German."""
    return make_city(database, "teststadt", languages=TREE, features={"fallback": True})


def shown(city, entry_id):
    """Title and language of the words, in every language in which there is a document."""
    with city.read() as db:
        bodies = {one: publishing.payloads_of(db, one, "organization", [entry_id]) for one in TREE}
    documents = {language: orjson.loads(rows[0]) for language, rows in bodies.items() if rows}
    return {language: (one["title"], one["delivered_language"]) for language, one in documents.items()}


def outline(city, entry_id):
    with city.read() as db:
        node = publishing.outline(db, "organization").node(entry_id)
    return {language: (text.slug, text.written_in) for language, text in node.texts.items()}


def test_the_source_stands_in_until_there_is_a_translation(city):
    entry = found(city, "Amt")
    assert shown(city, entry) == dict.fromkeys(TREE, ("Amt", "de"))
    write(city, entry, "Office", language="en")
    assert shown(city, entry) == {"de": ("Amt", "de"), "en": ("Office", "en"), "ar": ("Amt", "de")}
    assert outline(city, entry) == {"de": ("amt", ""), "en": ("office", ""), "ar": ("amt", "de")}


def test_other_languages_follow_when_the_words_that_stand_in_change(city):
    entry = found(city, "Amt")
    write(city, entry, "Bürgeramt")
    assert shown(city, entry)["ar"] == ("Bürgeramt", "de")


def test_a_translation_taken_offline_is_stood_in_for_again(city):
    entry = found(city, "Amt")
    write(city, entry, "Office", language="en")
    with city.write() as db:
        content.take_offline(db, entry, ["en"], actor=EDITOR)
    assert shown(city, entry)["en"] == ("Amt", "de")


def test_nothing_stands_in_for_the_source_itself(city):
    entry = found(city, "Office", language="en")
    assert shown(city, entry) == {"en": ("Office", "en")}


def test_an_address_of_its_own_wins_over_one_that_stands_in(city):
    standing_in = found(city, "Markt")
    own = found(city, "Markt", language="en")
    with city.read() as db:
        outline = publishing.outline(db, "organization")
    assert outline.find("organization", "en", "markt").id == own
    assert outline.find("organization", "de", "markt").id == standing_in


def test_a_city_that_does_not_fall_back_shows_only_what_is_written(database):
    city = make_city(database, "genau", languages=TREE)
    assert shown(city, found(city, "Amt")) == {"de": ("Amt", "de")}
