"""News of other publishers, without a browser."""

from __future__ import annotations

import pytest

from cityinfo.features import news
from tests.cms.conftest import text_of
from tests.factories_news import follow

AMTSBLATT = {"address": "https://amtsblatt.example/feed", "source": "amtsblatt", "language": "de"}


@pytest.fixture
def manager(people):
    return people("manager")


def feeds(city):
    with city.read() as db:
        return {one.source: one.active for one in news.feeds(db)}


def test_a_feed_is_added_switched_off_and_removed(city, manager):
    assert manager.post("/news/feeds", AMTSBLATT).status_code == 303
    assert "amtsblatt" in text_of(manager.get("/news/feeds"))
    with city.read() as db:
        (feed,) = news.feeds(db)
    manager.post(f"/news/feeds/{feed.id}/switch", {"active": ""})
    assert feeds(city) == {"amtsblatt": False}
    manager.post(f"/news/feeds/{feed.id}/switch", {"active": "1"})
    assert feeds(city) == {"amtsblatt": True}
    manager.post(f"/news/feeds/{feed.id}/remove")
    assert feeds(city) == {}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"address": "http://localhost/feed"}, "localhost"), ({"source": "Amts Blatt"}, "Amts Blatt")],
)
def test_what_was_typed_stays_when_it_is_refused(city, manager, fields, sentence):
    refused = manager.post("/news/feeds", {**AMTSBLATT, **fields})
    assert refused.status_code == 422
    assert f'value="{sentence}' in text_of(refused) or sentence in text_of(refused)
    assert feeds(city) == {}


def test_editors_see_feeds_and_leave_them_alone(city, people):
    follow(city)
    editor = people("editor")
    shown = text_of(editor.get("/news/feeds"))
    assert "tunews" in shown
    assert "Neuer Feed" not in shown
    assert editor.post("/news/feeds", AMTSBLATT).status_code == 403
