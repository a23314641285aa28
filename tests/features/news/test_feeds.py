"""News of others stand beside the city's own, as the others publish them, for four weeks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import orjson
import pytest
import time_machine

from cityinfo import registry
from cityinfo.features import news, publishing
from cityinfo.features.news import FeedAnswer, FeedState
from cityinfo.kernel.errors import Invalid, Unavailable
from tests.factories import EDITOR, make_city, switch
from tests.factories_news import Paper, announce, follow, item, work

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def time():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(database, time):
    return make_city(database, "teststadt", features={"push_notifications": True, "external_news": True})


def read(city, *entries):
    news.promise_feeds(city.database)
    work(city, reader=Paper(*entries))


def documents(city, language="de"):
    with city.read() as db:
        found = [orjson.loads(one) for one in publishing.payloads(db, language, news.KIND)]
    return sorted(found, key=lambda one: one["display_date"])


def _feed_cursor(db):
    return str(publishing.changes(db, "de", since=None, most=100).cursor)


def test_items_stand_beside_the_citys_own_messages_and_leave_after_four_weeks(city, time):
    announce(city, "Rathaus geschlossen")
    follow(city)
    read(city, item("a", at=START - DAY), item("b", "Amal", at=START - 2 * DAY))
    shown = documents(city)
    assert [(one["title"], one["source"]) for one in shown] == [
        ("Amal", "tunews"),
        ("Neue Regeln", "tunews"),
        ("Rathaus geschlossen", "local"),
    ]
    assert (shown[1]["content"], shown[1]["link"]) == ("<p>Text &amp; Bild</p>", "https://news.example/a")
    assert documents(city, "en") == []
    time.move_to(START + 26 * DAY)
    work(city, reader=Paper())
    assert [one["title"] for one in documents(city)] == ["Neue Regeln", "Rathaus geschlossen"]
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))
        assert len(list(news.NEWS.all_ids(db))) == 2


def test_a_feed_that_says_the_same_changes_nothing_and_one_that_corrects_itself_does(city, time):
    feed = follow(city)
    read(city, item("a", at=START - DAY), item("ohne-datum", at=None))
    before = documents(city)
    with city.read() as db:
        cursor = _feed_cursor(db)
    time.shift(1800)
    entry = item("a", at=START - DAY)
    read(city, entry, item("ohne-datum", at=None))
    with city.read() as db:
        assert _feed_cursor(db) == cursor
        assert news.find_feed(db, feed).fetched_at == START + timedelta(seconds=1800)
    read(city, item("a", "Neue Regeln!", at=START - DAY))
    after = documents(city)
    assert {one["id"] for one in after} == {one["id"] for one in before}
    assert {one["title"] for one in after} == {"Neue Regeln!", "Neue Regeln"}


@on_one_database
def test_what_is_dangerous_or_cannot_be_shown_is_left_out(city):
    follow(city)
    read(
        city,
        item("gut", "Mehr &amp; <b>mehr</b>", summary='<p onclick="x()">Text<script>alert(1)</script></p>'),
        item("ohne-titel", " "),
        item("ohne-adresse", link="javascript:alert(1)"),
        item("uralt", at=START - 29 * DAY),
    )
    shown = {one["link"]: one for one in documents(city)}
    assert shown.keys() == {"https://news.example/gut"}
    good = shown["https://news.example/gut"]
    assert (good["title"], good["content"]) == ("Mehr & mehr", "<p>Text</p>")


@on_one_database
def test_an_item_dated_ahead_counts_from_now(city):
    follow(city)
    read(city, item("a", at=START + 3 * DAY))
    assert documents(city)[0]["display_date"].startswith("2026-11-23T08:00")


@on_one_database
def test_a_feed_that_fails_keeps_what_was_read_and_says_what_is_wrong(city):
    feed = follow(city)
    read(city, item("a"))

    class Broken:
        def read(self, address, known):
            raise Unavailable("feed.slow", "Slow.")

    news.promise_feeds(city.database)
    work(city, reader=Broken())
    assert len(documents(city)) == 1
    with city.read() as db:
        assert news.find_feed(db, feed).failure == "feed.slow"
    read(city, item("a"))
    with city.read() as db:
        assert news.find_feed(db, feed).failure == ""


@on_one_database
def test_a_feed_that_is_switched_off_shows_nothing_and_one_that_is_removed_leaves_nothing(city):
    feed, other = follow(city), follow(city, "amalnews")
    read(city, item("a"))
    assert {one["source"] for one in documents(city)} == {"tunews", "amalnews"}
    with city.write() as db:
        news.set_feed_active(db, feed, False, actor=EDITOR)
    assert {one["source"] for one in documents(city)} == {"amalnews"}
    with city.write() as db:
        news.set_feed_active(db, feed, True, actor=EDITOR)
        news.remove_feed(db, other, actor=EDITOR)
    assert {one["source"] for one in documents(city)} == {"tunews"}
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
@pytest.mark.parametrize(
    ("address", "source", "language", "said"),
    [
        ("ftp://a.example/", "tunews", "de", "web address"),
        ("https://127.0.0.1/feed", "tunews", "de", "web address"),
        ("https://a.example/feed", "local", "de", "source"),
        ("https://a.example/feed", "tü news", "de", "source"),
        ("https://a.example/feed", "tunews", "xx", "does not write"),
        ("https://tunews.example/feed", "tunews", "de", "already"),
    ],
)
def test_a_feed_that_cannot_be_shown_is_refused(city, address, source, language, said):
    follow(city)
    with pytest.raises(Invalid, match=said), city.write() as db:
        news.add_feed(db, address, source=source, language=language, actor=EDITOR)


@on_one_database
def test_a_city_without_external_news_reads_no_feed(database, time):
    city = make_city(database, "ohne")
    follow(city)
    read(city, item("a"))
    assert documents(city) == []


class Server:
    """A server that knows whether its feed has changed."""

    def __init__(self, *entries):
        self.entries, self.etag, self.asked = entries, '"1"', []

    def read(self, address, known):
        self.asked.append(known.etag)
        entries = None if known.etag == self.etag else self.entries
        return FeedAnswer(entries=entries, state=FeedState(etag=self.etag))


def test_a_feed_is_read_whole_only_when_it_has_changed(city):
    feed, server = follow(city), Server(item("a"))
    for _ in range(2):
        news.promise_feeds(city.database)
        work(city, reader=server)
    server.entries, server.etag = (item("a"), item("b", "Amal")), '"2"'
    news.promise_feeds(city.database)
    work(city, reader=server)
    assert server.asked == ["", '"1"', '"1"']
    assert {one["title"] for one in documents(city)} == {"Neue Regeln", "Amal"}
    with city.read() as db:
        assert news.find_feed(db, feed).failure == ""


def test_feeds_are_not_read_once_the_city_shows_none(city):
    follow(city)
    server = Server(item("a"))
    news.promise_feeds(city.database)
    switch(city, external_news=False)
    work(city, reader=server)
    assert server.asked == []
