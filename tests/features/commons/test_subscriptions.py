"""Single pages of other cities: they come alone, with their terms, and stay current or are mirrored."""

from __future__ import annotations

import pytest

from cityinfo.features import commons, content, pages, upstream
from cityinfo.features.upstream import Standing
from cityinfo.kernel.errors import Conflict
from tests.factories import EDITOR, plant, save, translate
from tests.features.commons.commons import offer, readers_see, subscribe, work
from tests.features.upstream.conftest import here, said, standings, tree

TWO = "<p>Das Amt hilft.</p><p>Der Antrag kostet 35 Euro.</p>"
DEARER = TWO.replace("35", "42")


@pytest.fixture
def page(giver):
    """A page that is offered, beside one that is not, in a language more than the other city has."""
    plant(giver, "Nur für uns")
    page = plant(giver, "Führerschein", content=TWO)
    translate(giver, page, "en", "Licence", content="<p>The office helps.</p>")
    translate(giver, page, "ar", "رخصة", content="<p>المكتب</p>")
    offer(giver, page)
    return page


def publish(city, entry_id, language):
    with city.write() as db:
        revision = content.find_text(db, entry_id, language).revision
        content.publish_text(db, entry_id, language, revision=revision, actor=EDITOR)


def unpublish(city, entry_id, *languages):
    with city.write() as db:
        content.take_offline(db, entry_id, languages, actor=EDITOR)


def test_a_page_comes_alone_as_a_draft_where_it_was_wanted(library, giver, taker, page):
    above = plant(taker, "Verkehr")
    subscribe(taker, giver, page, under=above)
    work(library, giver, taker)
    assert tree(taker) == [("Verkehr", None), ("Führerschein", "Verkehr")]
    assert said(taker, here(taker, page), "en") == ("Licence", "<p>The office helps.</p>")
    assert "Führerschein" not in readers_see(taker)
    assert standings(taker) == {}
    with taker.read() as db:
        (row,) = upstream.subscriptions(db)
        assert (row.entry_id, row.is_offered, row.by_itself) == (here(taker, page), True, False)
        assert commons.credit(db, row.entry_id).attribution == "Stadt Geberstadt"


def test_what_is_new_there_waits_in_the_inbox_like_everything_else(library, giver, taker, page):
    subscribe(taker, giver, page)
    work(library, giver, taker)
    save(taker, here(taker, page), content=TWO.replace("Das Amt", "Unser Amt"))
    save(giver, page, content=DEARER)
    work(library, giver, taker)
    assert standings(taker) == {("Führerschein", "de"): Standing.FITS}


def test_a_mirrored_page_shows_what_readers_see_there(library, giver, taker, page):
    subscribe(taker, giver, page, by_itself=True)
    work(library, giver, taker)
    assert readers_see(taker)["Führerschein"]["content"].startswith(TWO)
    assert readers_see(taker)["Führerschein"]["credit"]["licence"] == "CC-BY-4.0"
    save(giver, page, content=DEARER)
    unpublish(giver, page, "en")
    work(library, giver, taker)
    assert readers_see(taker)["Führerschein"]["content"].startswith(DEARER)
    assert readers_see(taker, "en") == {}
    translate(giver, page, "en", "Driving", content="<p>Again.</p>")
    work(library, giver, taker)
    assert list(readers_see(taker, "en")) == ["Driving"]
    unpublish(giver, page, "de", "en", "ar")
    work(library, giver, taker)
    assert readers_see(taker) == {}


def test_what_comes_back_there_as_it_was_comes_back_here_unless_editors_here_took_it_away(
    library,
    giver,
    taker,
    page,
):
    subscribe(taker, giver, page, by_itself=True)
    work(library, giver, taker)
    for languages in (["de"], ["de", "en", "ar"]):
        unpublish(giver, page, *languages)
        work(library, giver, taker)
        assert readers_see(taker) == {}
        for language in languages:
            publish(giver, page, language)
        work(library, giver, taker)
        assert list(readers_see(taker)) == ["Führerschein"]
    unpublish(taker, here(taker, page), "de")
    save(giver, page, content=DEARER)
    work(library, giver, taker)
    assert readers_see(taker) == {}
    assert said(taker, here(taker, page))[1] == DEARER


def test_what_was_written_here_is_never_mirrored_away(library, giver, taker, page):
    subscribe(taker, giver, page, by_itself=True)
    work(library, giver, taker)
    ours = TWO.replace("35 Euro", "nichts")
    save(taker, here(taker, page), content=ours)
    save(giver, page, content=DEARER)
    work(library, giver, taker)
    assert said(taker, here(taker, page))[1] == ours
    assert standings(taker) == {("Führerschein", "de"): Standing.CONFLICT}


def test_what_was_withdrawn_stays_and_hears_nothing_new(library, giver, taker, page):
    subscribe(taker, giver, page, by_itself=True)
    work(library, giver, taker)
    with giver.write() as db:
        commons.withdraw(db, page, actor=EDITOR)
    save(giver, page, content=DEARER)
    work(library, giver, taker)
    assert readers_see(taker)["Führerschein"]["content"].startswith(TWO)
    assert standings(taker) == {}
    with taker.read() as db:
        assert [row.is_offered for row in upstream.subscriptions(db)] == [False]


def test_terms_follow_their_owner(library, giver, taker, page):
    subscribe(taker, giver, page, by_itself=True)
    work(library, giver, taker)
    offer(giver, page, commons.Terms(licence="CC0-1.0", attribution="Amt für Verkehr"))
    save(giver, page, content=DEARER)
    work(library, giver, taker)
    assert readers_see(taker)["Führerschein"]["credit"]["attribution"] == "Amt für Verkehr"


def test_a_page_is_asked_for_once_and_not_by_its_owner(library, giver, taker, page):
    subscribe(taker, giver, page)
    with pytest.raises(Conflict, match="already"):
        subscribe(taker, giver, page)
    work(library, giver, taker)
    with pytest.raises(Conflict, match="already"):
        subscribe(taker, giver, page)
    with pytest.raises(Conflict, match="your own city"):
        subscribe(giver, giver, page)


def test_who_ends_a_subscription_keeps_the_page_and_its_credit(library, giver, taker, page):
    subscribe(taker, giver, page)
    work(library, giver, taker)
    with taker.write() as db:
        upstream.unsubscribe(db, giver.tenant_id, page, actor=EDITOR)
    save(giver, page, content=DEARER)
    work(library, giver, taker)
    assert said(taker, here(taker, page))[1] == TWO
    with taker.read() as db:
        assert upstream.followings(db) == []
        assert commons.credit(db, here(taker, page)) is not None


def test_a_subscription_that_ended_can_begin_again(library, giver, taker, page):
    subscribe(taker, giver, page)
    work(library, giver, taker)
    with taker.write() as db:
        upstream.unsubscribe(db, giver.tenant_id, page, actor=EDITOR)
    save(giver, page, content=DEARER)
    subscribe(taker, giver, page)
    work(library, giver, taker)
    assert tree(taker) == [("Führerschein", None)]
    assert standings(taker) == {("Führerschein", "de"): Standing.UNTOUCHED}


def test_a_page_that_was_deleted_here_does_not_come_back(library, giver, taker, page):
    subscribe(taker, giver, page)
    work(library, giver, taker)
    ours = here(taker, page)
    for act in (pages.archive, pages.delete):
        with taker.write() as db:
            act(db, ours, revision=content.find_entry(db, ours).revision, actor=EDITOR)
    save(giver, page, content=DEARER)
    work(library, giver, taker)
    assert tree(taker) == []
    assert standings(taker) == {}
