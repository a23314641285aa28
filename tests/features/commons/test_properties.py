"""Whatever the owner of a page does and whenever the worker comes by: mirrors show the same, no word here is lost."""

from __future__ import annotations

import itertools

from cityinfo.features import commons, content, pages, publishing
from tests.factories import make_city
from tests.features.commons.commons import BY, offer, subscribe, work
from tests.features.upstream.conftest import here
from tests.features.upstream.test_properties import Desk, newest_words
from tests.histories import in_few_histories

_NUMBERS = itertools.count()
LANGUAGES = ("de", "en", "ar")


def two_cities(database, seed):
    number = next(_NUMBERS)
    giver = make_city(database, f"geber{number}", languages=LANGUAGES)
    owner = Desk(giver, seed, "g")
    for _ in range(4):
        with giver.write() as db:
            owner.plant(db)
    owner.work(15)
    with giver.read() as db:
        shown = [one for one in pages.all_ids(db) if publishing.visible(db, [one], ["de"])]
    for one in shown:
        offer(giver, one)
    return giver, owner, make_city(database, f"nehmer{number}", languages=("de", "en")), shown


def public(city, entry_id, languages):
    """Titles and words, without where links lead: what a mirror shows has names of its own there."""
    with city.read() as db:
        found = {}
        for _, language in publishing.visible(db, [entry_id], languages):
            text = content.text_of(db, entry_id, language)
            if text is not None and text.public_version_id is not None:
                version = content.version(db, text.public_version_id)
                found[language] = (version.title, content.Wording("", version.content).content.partition("<p><a")[0])
        return found


@in_few_histories
def test_a_mirror_shows_what_readers_see_there(library, database, seed):
    giver, owner, taker, shown = two_cities(database, seed)
    for one in shown:
        subscribe(taker, giver, one, by_itself=True)
    work(library, giver, taker)
    for _ in range(4):
        owner.work(10)
        work(library, giver, taker)
    for one in shown:
        assert public(taker, here(taker, one), ("de", "en")) == public(giver, one, ("de", "en"))


@in_few_histories
def test_no_word_is_lost_and_working_again_changes_nothing(library, database, seed):
    giver, owner, taker, shown = two_cities(database, seed)
    for number, one in enumerate(shown):
        subscribe(taker, giver, one, by_itself=bool(number % 2))
    work(library, giver, taker)
    writer = Desk(taker, seed + 1, "n", tree=False)
    for _ in range(3):
        owner.work(8)
        mine = _marks(taker)
        work(library, giver, taker)
        assert mine <= _marks(taker)
        writer.work(6)
    work(library, giver, taker)
    after = newest_words(taker)
    work(library, giver, taker)
    assert {key: one.id for key, one in newest_words(taker).items()} == {key: one.id for key, one in after.items()}
    with taker.read() as db:
        for one in shown:
            assert commons.credit(db, here(taker, one)).attribution == BY.attribution


def _marks(city):
    """What the city's own writer has written and not taken out again."""
    said = " ".join(f"{one.title} {one.content}" for one in newest_words(city).values())
    return {word for word in said.replace("<", " ").replace(">", " ").split() if word.startswith("n")}
