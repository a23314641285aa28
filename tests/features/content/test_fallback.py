"""What readers are shown of an entry that is not written in their language."""

from __future__ import annotations

import random
from contextlib import suppress

import orjson
import pytest
from sqlalchemy import select

from cityinfo import registry
from cityinfo.features import content, publishing
from cityinfo.features.feedback import Feedback
from cityinfo.kernel.errors import Problem
from tests.factories import make_city
from tests.factories_entries import EDITOR, found, write, write_in
from tests.factories_offers import offer, send

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
    assert outline.find("organization", "en", f"markt~{standing_in}").id == standing_in
    assert outline.path(standing_in, "en") == f"markt~{standing_in}"


def test_a_city_that_does_not_fall_back_shows_only_what_is_written(database):
    city = make_city(database, "genau", languages=TREE)
    assert shown(city, found(city, "Amt")) == {"de": ("Amt", "de")}


def test_a_slug_that_stands_in_is_its_own_again_once_nobody_else_has_it(city):
    first = found(city, "Markt")
    second = found(city, "Markt", language="en")
    assert outline(city, first)["en"] == (f"markt~{first}", "de")
    with city.write() as db:
        content.take_offline(db, second, ["en"], actor=EDITOR)
    assert outline(city, first)["en"] == ("markt", "de")
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


def test_readers_send_feedback_about_what_stands_in_under_a_shared_slug(city):
    first, second = offer(city, "Markt"), offer(city, "Markt", language="en")
    send(city, topic="offer", slug=f"markt~{first}")
    send(city, topic="offer", slug=f"markt~{second}")
    with city.read() as db:
        assert [row.entry_id for row in db.scalars(select(Feedback).order_by(Feedback.id))] == [first, second]


def step(city, dice, known):
    """What an editor may do to places that like to be called the same."""
    language, name = dice.choice(TREE), dice.choice(["Markt", "Amt"])
    if len(known) < 6 and dice.random() < 0.5:
        known.append(found(city, name, language=language))
        return
    entry_id = dice.choice(known)
    with city.write() as db:
        if dice.random() < 0.3:
            content.take_offline(db, entry_id, [language], actor=EDITOR)
        elif dice.random() < 0.3:
            entry = content.find_entry(db, entry_id)
            content.set_archived(db, entry, entry.archived_at is None, revision=entry.revision, actor=EDITOR)
        else:
            write_in(db, entry_id, name, language=language, slug=dice.choice([None, "markt", "amt", "platz"]))


@pytest.mark.parametrize("seed", [1, 2])
def test_no_two_entries_are_ever_read_under_one_path(city, seed):
    dice, known = random.Random(seed), []
    shared = 0
    for _ in range(30):
        with suppress(Problem):
            step(city, dice, known)
        with city.read() as db:
            outlines = publishing.outline(db, "organization")
            assert not list(registry.PROJECTOR.verify(db))
        for language in TREE:
            paths = {one.id: path for one in outlines if (path := outlines.path(one.id, language))}
            assert len(set(paths.values())) == len(paths)
            for entry_id, path in paths.items():
                assert outlines.find("organization", language, path).id == entry_id
            shared += sum("~" in path for path in paths.values())
    assert shared
