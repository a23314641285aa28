"""News under version 1: as a list, one by one, and as a feed that any reader can follow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import feedparser
import pytest
import time_machine
from sqlalchemy import select

from cityinfo.features import news
from tests.factories import make_city
from tests.factories_news import POINT, SECRET, Paper, add_language, announce, follow, item, work

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HERE = "/api/v1/tenants/teststadt/de"
SUBSCRIPTIONS = f"{HERE}/push-subscriptions"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(database):
    return make_city(database, "teststadt", features={"push_notifications": True, "external_news": True})


@pytest.fixture
def merged(city):
    follow(city)
    news.promise_feeds(city.database)
    work(city, reader=Paper(item("t", "Mehr 1 &amp; 2", at=START - timedelta(days=1))))
    message = announce(city, "Rathaus geschlossen")
    add_language(city, message, "ar", "إغلاق دار البلدية")
    return message


def subscription(**other):
    keys = {"p256dh": POINT, "auth": SECRET}
    return {"endpoint": "https://push.example/anna", "expirationTime": None, "keys": keys, **other}


def test_the_list_is_newest_first_and_says_where_each_comes_from(client, merged):
    found = client.get(f"{HERE}/news").json
    assert [(one["source"], one["link"]) for one in found["items"]] == [
        ("local", None),
        ("tunews", "https://news.example/t"),
    ]
    first = found["items"][0]
    assert (first["display_date"], first["visible_until"]) == ("2026-11-23T09:00:00+01:00", "2026-12-21T09:00:00+01:00")
    assert first["languages"].keys() == {"de", "ar"}


def test_the_list_can_be_narrowed_cut_and_thinned(client, merged):
    assert [one["source"] for one in client.get(f"{HERE}/news?source=tunews").json["items"]] == ["tunews"]
    first = client.get(f"{HERE}/news?limit=1&fields=title").json
    assert (first["items"], first["more"]) == ([{"id": merged, "title": "Rathaus geschlossen"}], True)
    rest = client.get(f"{HERE}/news?limit=1&cursor={first['cursor']}").json
    assert ([one["source"] for one in rest["items"]], rest["more"]) == (["tunews"], False)


def test_one_is_read_by_its_identity(client, merged):
    assert client.get(f"{HERE}/news/{merged}").json["title"] == "Rathaus geschlossen"
    assert client.get(f"/api/v1/tenants/teststadt/ar/news/{merged}").json["title"] == "إغلاق دار البلدية"
    assert client.get(f"/api/v1/tenants/teststadt/en/news/{merged}").status_code == 404


def test_the_feed_is_atom_that_readers_understand(client, merged):
    answer = client.get(f"{HERE}/news.atom")
    assert answer.content_type.startswith("application/atom+xml")
    parsed = feedparser.parse(answer.data)
    assert (parsed.version, parsed.bozo) == ("atom10", False)
    assert [one.title for one in parsed.entries] == ["Rathaus geschlossen", "Mehr 1 & 2"]
    assert parsed.entries[0].link.startswith("http://127.0.0.1:8000/teststadt/de/news/")
    assert parsed.entries[1].link == "https://news.example/t"


def test_the_feed_has_what_rfc_4287_demands(client, merged):
    root = ElementTree.fromstring(client.get(f"{HERE}/news.atom").data)  # noqa: S314 - our own answer
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{name}")
            assert found.text
        assert datetime.fromisoformat(element.find(f"{ATOM}updated").text).tzinfo
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Stadt Teststadt"
    links = {one.get("rel"): one.get("href") for one in root.findall(f"{ATOM}link")}
    assert links["self"] == f"http://127.0.0.1:8000{HERE}/news.atom"
    identities = [one.find(f"{ATOM}id").text for one in root.findall(f"{ATOM}entry")]
    assert len(set(identities)) == 2


def test_identities_in_the_feed_stay_when_words_change(client, city, merged):
    before = [one.id for one in feedparser.parse(client.get(f"{HERE}/news.atom").data).entries]
    add_language(city, merged, "de", "Rathaus doch offen")
    after = feedparser.parse(client.get(f"{HERE}/news.atom").data).entries
    assert [one.id for one in after] == before
    assert after[0].title == "Rathaus doch offen"


def test_a_feed_without_news_is_valid_and_arabic_says_its_language(client, city, merged):
    assert feedparser.parse(client.get("/api/v1/tenants/teststadt/en/news.atom").data).version == "atom10"
    arabic = client.get("/api/v1/tenants/teststadt/ar/news.atom")
    assert arabic.headers["Content-Language"] == "ar"
    assert "إغلاق دار البلدية" in arabic.text


def test_a_browser_subscribes_and_leaves(client, city, database):
    assert client.post(SUBSCRIPTIONS, json=subscription()).status_code == 204
    assert client.post(SUBSCRIPTIONS, json=subscription()).status_code == 204
    with city.read() as db:
        (kept,) = db.scalars(select(news.Subscription))
        assert (kept.endpoint, kept.language) == ("https://push.example/anna", "de")
    assert client.delete(SUBSCRIPTIONS, json={"endpoint": kept.endpoint}).status_code == 204
    assert client.delete(SUBSCRIPTIONS, json={"endpoint": kept.endpoint}).status_code == 204
    with city.read() as db:
        assert db.scalars(select(news.Subscription)).all() == []


def test_one_address_can_subscribe_thirty_times_within_ten_minutes(client, city):
    for number in range(30):
        body = subscription(endpoint=f"https://push.example/{number}")
        assert client.post(SUBSCRIPTIONS, json=body).status_code == 204
    refused = client.post(SUBSCRIPTIONS, json=subscription())
    assert (refused.status_code, refused.json["code"]) == (429, "push.limited")
    elsewhere = client.post(SUBSCRIPTIONS, json=subscription(), environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 204


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"endpoint": "https://push.example/a"}, 422),
        (subscription(endpoint="https://127.0.0.1/"), 422),
        (subscription(keys={"p256dh": "x", "auth": "y"}), 422),
        (subscription(endpoint="https://push.example/" + "a" * 5000), 413),
        ([1], 422),
    ],
)
def test_a_subscription_that_cannot_be_used_is_refused(client, city, body, status):
    answer = client.post(SUBSCRIPTIONS, json=body)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    with city.read() as db:
        assert db.scalars(select(news.Subscription)).all() == []


def test_a_body_that_is_no_json_is_refused(client, city):
    assert client.post(SUBSCRIPTIONS, data="{", content_type="application/json").status_code == 400


def test_nobody_subscribes_where_nothing_is_told(client, database, city):
    make_city(database, "stumm")
    assert client.post("/api/v1/tenants/stumm/de/push-subscriptions", json=subscription()).status_code == 404
    assert client.post("/api/v1/tenants/teststadt/xx/push-subscriptions", json=subscription()).status_code == 404
    assert client.post("/api/v1/tenants/nirgendwo/de/push-subscriptions", json=subscription()).status_code == 404
