"""A draft as readers will see it, for editors and for whoever was given a link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from cityinfo.kernel import clock
from tests.cms.conftest import text_of
from tests.factories import mirror, plant, save, take_offline
from tests.factories_places import introduce


@pytest.fixture
def page(city):
    contact = introduce(city, "Bürgerbüro", phone="0821 3240")
    page = plant(city, "Amt", content="<p>Alt.</p>")
    card = f'<contact-card entry="{contact}" show="phone"></contact-card>'
    save(city, page, content=f'<p>Neu, <a href="entry:{page}">siehe oben</a>.</p>{card}', public=False)
    return page


def link(someone, page):
    shown = text_of(someone.get(f"/texts/{page}/de/preview"))
    return re.search(r'value="http://localhost(/cms/preview/[^"]+)"', shown)[1]


def test_the_preview_shows_the_draft_written_out(people, page):
    shown = text_of(people("observer").get(f"/texts/{page}/de/preview"))
    assert "Neu, <a>siehe oben</a>" in shown
    assert "tel:" in shown
    assert "Alt." not in shown


def test_a_link_shows_that_version_to_people_without_an_account(people, page):
    someone = people("author")
    address = link(someone, page)
    stranger = someone.client.application.test_client()
    answer = stranger.get(address)
    assert "siehe oben" in text_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert stranger.get(address[:-2]).status_code == 404


def test_a_link_ends_by_itself(people, page):
    someone = people("author")
    address = link(someone, page)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert someone.client.application.test_client().get(address).status_code == 410


@pytest.mark.parametrize("first", [True, False])
def test_the_preview_shows_the_live_text_of_another_page_where_readers_will_see_it(city, people, page, first):
    source = plant(city, "Fristen", content="<p>Zwei Wochen.</p>")
    mirror(city, page, of=source, first=first)
    save(city, source, content="<p>Drei Wochen.</p>", public=False)
    someone = people("author")
    shown = text_of(someone.get(f"/texts/{page}/de/preview"))
    assert "Drei Wochen." not in shown
    assert (shown.index("Zwei Wochen.") < shown.index("Neu, ")) is first
    assert "Zwei Wochen." in text_of(someone.client.application.test_client().get(link(someone, page)))


def test_the_preview_leaves_out_what_readers_cannot_see_of_another_page(city, people, page):
    source = plant(city, "Fristen", content="<p>Zwei Wochen.</p>")
    mirror(city, page, of=source)
    take_offline(city, source, ["de"])
    assert "Zwei Wochen." not in text_of(people("author").get(f"/texts/{page}/de/preview"))
