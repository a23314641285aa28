"""Offers of other systems are chosen beside the text of a page."""

from __future__ import annotations

import pytest

from cityinfo.features import pages
from tests.cms.conftest import text_of
from tests.factories import plant
from tests.factories_entries import revision_of
from tests.factories_offers import embed, switch_on


@pytest.fixture
def page(city):
    return plant(city, "Wohnen")


def choose(someone, city, page, *aliases, revision=None):
    with city.read() as db:
        seen = revision_of(db, page) if revision is None else revision
    answer = someone.post(f"/texts/{page}/de/offers", {"revision": seen, "offer": list(aliases)})
    return text_of(someone.client.get(answer.location))


def shown(city, page):
    with city.read() as db:
        return pages.embedded_aliases(db, page)


def test_offers_are_chosen_in_the_order_of_the_list_by_an_author_too_while_nobody_reads_the_page(city, people):
    switch_on(city, "wohnraumboerse", "terminbuchung")
    page = plant(city, "Arbeit", public=False)
    said = choose(people("author"), city, page, "wohnraumboerse", "terminbuchung")
    assert "Die Angebote sind gespeichert." in said
    assert shown(city, page) == ["wohnraumboerse", "terminbuchung"]
    said = choose(people("editor"), city, page, "terminbuchung")
    assert 'value="terminbuchung" checked' in said
    assert 'value="wohnraumboerse">' in said
    assert shown(city, page) == ["terminbuchung"]


def test_where_a_city_has_switched_on_none_there_is_nothing_to_choose(people, page):
    assert "Angebote auf dieser Seite" not in text_of(people("editor").get(f"/texts/{page}/de"))


@pytest.mark.parametrize("role", ["author", "translator"])
def test_who_may_not_change_what_readers_see_is_not_asked(city, people, page, role):
    switch_on(city, "wohnraumboerse")
    assert "Wohnraumbörse" not in text_of(people(role).get(f"/texts/{page}/de"))


def test_one_that_is_switched_off_is_named_and_goes_with_the_next_choice(city, people, page):
    switch_on(city, "wohnraumboerse", "terminbuchung")
    embed(city, page, "wohnraumboerse", "terminbuchung")
    switch_on(city, "terminbuchung")
    editor = people("editor")
    assert "„wohnraumboerse“ ist in dieser Stadt nicht mehr eingeschaltet" in text_of(editor.get(f"/texts/{page}/de"))
    choose(editor, city, page, "terminbuchung")
    assert shown(city, page) == ["terminbuchung"]


def test_whoever_was_slower_or_asks_for_what_there_is_not_is_told_and_changes_nothing(city, people, page):
    switch_on(city, "wohnraumboerse")
    editor = people("editor")
    assert "alert--danger" in choose(editor, city, page, "wohnraumboerse", revision=7)
    assert "„nirgends“ ist in dieser Stadt nicht eingeschaltet" in choose(editor, city, page, "nirgends")
    assert shown(city, page) == []
