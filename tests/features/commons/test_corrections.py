"""A city that took a page tells its owner what is wrong with it, and hears what became of that."""

from __future__ import annotations

import pytest

from cityinfo.features import content, corrections, pages, proposals, upstream
from cityinfo.features.corrections import CorrectionDraft
from cityinfo.kernel import jobs
from cityinfo.kernel.errors import Invalid, NotFound
from tests.factories import EDITOR, plant, save
from tests.features.commons.commons import offer, subscribe, work
from tests.features.upstream.conftest import here, said, standings

TWO = "<p>Das Amt hilft.</p><p>Der Antrag kostet 35 Euro.</p>"
RIGHT = TWO.replace("35", "43")


@pytest.fixture
def page(library, giver, taker):
    """A page with a link, taken by another city."""
    page = plant(giver, "Führerschein", content=TWO)
    offer(giver, page)
    subscribe(taker, giver, page)
    work(library, giver, taker)
    return page


def send(city, page, words=RIGHT, message="Seit Mai kostet er 43 Euro.", title="Führerschein"):
    draft = CorrectionDraft(language="de", title=title, content=words, message=message)
    with city.write() as db:
        return corrections.send(db, here(city, page), draft, actor=EDITOR).id


def fate(city):
    with city.read() as db:
        (row,) = corrections.listed(db)
        return row.state, row.answer


def waiting(city):
    with city.read() as db:
        return [(one.id, one.content, one.message, one.author) for one in proposals.waiting(db)]


def test_the_owner_accepts_it_and_everybody_has_it(library, giver, taker, page):
    send(taker, page)
    assert fate(taker) == ("sent", "")
    work(library, giver, taker)
    assert fate(taker) == ("proposed", "")
    ((proposal, words, message, author),) = waiting(giver)
    assert (words, message, author) == (RIGHT, "Seit Mai kostet er 43 Euro.", f"city:{taker.tenant_id}")
    with giver.write() as db:
        proposals.accept(db, proposal, publish=True, appliers={}, actor=EDITOR)
    work(library, giver, taker)
    assert fate(taker) == ("accepted", "")
    assert standings(taker) == {("Führerschein", "de"): "untouched"}


def test_the_owner_says_why_not(library, giver, taker, page):
    send(taker, page)
    work(library, giver, taker)
    with giver.write() as db:
        proposals.return_to_author(db, waiting(giver)[0][0], answer="Bei uns nicht.", actor=EDITOR)
    work(library, giver, taker)
    assert fate(taker) == ("returned", "Bei uns nicht.")


def test_what_the_owner_changed_meanwhile_stays(library, giver, taker, page):
    save(giver, page, content=TWO.replace("hilft", "hilft gern"))
    send(taker, page)
    work(library, giver, taker)
    assert waiting(giver)[0][1] == RIGHT.replace("hilft", "hilft gern")


def test_what_the_owner_found_themselves_is_accepted_at_once(library, giver, taker, page):
    save(giver, page, content=RIGHT)
    send(taker, page)
    work(library, giver, taker)
    assert fate(taker) == ("accepted", "")
    assert waiting(giver) == []


def test_a_way_back_that_was_interrupted_makes_no_second_proposal(library, giver, taker, page):
    number = send(taker, page)
    work(library, giver, taker)
    with taker.write() as db:
        row = db.get(corrections.Correction, (db.tenant_id, number))
        row.state, row.proposal_id = corrections.SENT, None
        jobs.enqueue(db, corrections.CARRY, correction=number)
    work(library, giver, taker)
    assert fate(taker) == ("proposed", "")
    assert len(waiting(giver)) == 1


def test_links_lead_where_the_owner_has_them(library, giver, taker):
    there = plant(giver, "Amt")
    page = plant(giver, "Führerschein", content=f'<p><a href="entry:{there}">Zum Amt</a>.</p><p>35 Euro.</p>')
    for one in (there, page):
        offer(giver, one)
        subscribe(taker, giver, one)
    own = plant(taker, "Unser Amt")
    work(library, giver, taker)
    ours = said(taker, here(taker, page))[1]
    assert f"entry:{here(taker, there)}" in ours
    send(taker, page, ours.replace("<p>35 Euro", f'<p><a href="entry:{own}">Hier</a>: 43 Euro'))
    work(library, giver, taker)
    words = waiting(giver)[0][1]
    assert words == f'<p><a href="entry:{there}">Zum Amt</a>.</p><p><a>Hier</a>: 43 Euro.</p>'


def test_a_page_that_is_gone_there_cannot_be_corrected(library, giver, taker, page):
    send(taker, page)
    with giver.write() as db:
        pages.archive(db, page, revision=content.find_entry(db, page).revision, actor=EDITOR)
        pages.delete(db, page, revision=content.find_entry(db, page).revision, actor=EDITOR)
    work(library, giver, taker)
    assert fate(taker) == ("lost", "")


def test_what_nobody_could_judge_is_not_sent(giver, taker, page):
    with pytest.raises(Invalid, match="Say why"):
        send(taker, page, message=" ")
    with pytest.raises(Invalid, match="what they say already"):
        send(taker, page, TWO)
    own = plant(taker, "Eigenes")
    draft = CorrectionDraft(language="de", title="x", content="<p>y</p>", message="z")
    with pytest.raises(NotFound, match="does not come from a city"), taker.write() as db:
        corrections.send(db, own, draft, actor=EDITOR)
    with taker.read() as db:
        assert upstream.owner(db, own) is None
        assert corrections.count(db) == 0
