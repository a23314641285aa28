"""What an Integreat app learns about news, as the reference of version 3 describes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from cityinfo.features import news, tenants
from cityinfo.features.news import MAIN
from tests.factories import EDITOR, make_city
from tests.factories_news import Paper, add_language, announce, follow, item, work

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FIELDS = {
    "id": str,
    "title": str,
    "content": str,
    "last_updated": str,
    "display_date": str,
    "channel": str | None,
    "available_languages": dict | None,
    "source": str,
    "externalUrl": str,
}


@pytest.fixture
def time():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(database, time):
    return make_city(database, "teststadt", features={"push_notifications": True, "external_news": True})


@pytest.fixture
def merged(city):
    """A message in German and Arabic, and an item of each of two publishers, older ones later."""
    message = announce(city, "Rathaus geschlossen")
    add_language(city, message, "ar", "إغلاق دار البلدية")
    follow(city, "tunews")
    news.promise_feeds(city.database)
    work(city, reader=Paper(item("t", at=START - DAY)))
    follow(city, "amalnews")
    news.promise_feeds(city.database)
    work(city, reader=Paper(item("t", at=START - DAY), item("a", "Amal", at=START - 2 * DAY)))
    return message


def get(client, path="news", language="de", **query):
    return client.get(f"/api/v3/teststadt/{language}/{path}", query_string=query)


def test_every_news_has_every_field_in_its_type(client, merged):
    found = get(client).json
    assert len(found) == 5
    for one in found:
        assert one.keys() == FIELDS.keys()
        assert [name for name, kind in FIELDS.items() if not isinstance(one[name], kind)] == []


def test_a_message_of_the_city(client, merged):
    assert get(client).json[0] == {
        "id": f"local-{merged}",
        "title": "Rathaus geschlossen",
        "content": "<p>Am Freitag.</p>",
        "last_updated": "2026-11-23T09:00:00+01:00",
        "display_date": "2026-11-23T09:00:00+01:00",
        "channel": "news",
        "available_languages": {"ar": {"id": f"local-{merged}"}},
        "source": "local",
        "externalUrl": f"http://127.0.0.1:8000/teststadt/de/news/local-{merged}",
    }


def test_news_of_others_lead_to_them(client, merged):
    found = get(client, source="tunews").json[0]
    assert found["id"].startswith("tunews-")
    assert (found["externalUrl"], found["channel"], found["available_languages"]) == (
        "https://news.example/t",
        None,
        None,
    )
    assert found["display_date"] == "2026-11-22T09:00:00+01:00"


def test_arabic_readers_get_the_arabic_words(client, merged):
    (found,) = get(client, language="ar").json
    assert (found["title"], found["available_languages"]) == ("إغلاق دار البلدية", {"de": {"id": f"local-{merged}"}})


def test_newest_come_first_in_one_list(client, merged):
    dates = [one["display_date"] for one in get(client).json]
    assert dates == sorted(dates, reverse=True)
    assert len({one["source"] for one in get(client).json}) == 3


def test_both_forms_of_the_address_answer_directly_and_to_every_origin(client, merged):
    for path in ("news", "news/", f"news/local-{merged}", f"news/local-{merged}/", f"news/LOCAL-{merged}"):
        answer = get(client, path)
        assert answer.status_code == 200, path
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_one_news_is_the_object_of_the_list(client, merged):
    for one in get(client).json:
        assert get(client, f"news/{one['id']}").json == one


@pytest.mark.parametrize("news_id", ["local-1", "tunews-", "local", "12", "x" * 500, "local-12-3", "%D8%A3-1"])
def test_an_unknown_news_is_not_found(client, merged, news_id):
    answer = get(client, f"news/{news_id}")
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (404, "*")
    assert "error" in answer.json


def test_the_list_is_read_in_pages(client, city, time):
    for number in range(22):
        time.shift(60)
        announce(city, f"Nachricht {number}")
    assert [one["title"] for one in get(client).json][::19] == ["Nachricht 21", "Nachricht 2"]
    assert [one["title"] for one in get(client, page=2).json] == ["Nachricht 1", "Nachricht 0"]
    assert [one["title"] for one in get(client, page=3, size=2).json] == ["Nachricht 17", "Nachricht 16"]
    assert len(get(client, size=9_999).json) == 22
    assert get(client, page=50).json == []


@pytest.mark.parametrize("query", [{"page": "x"}, {"size": "0"}, {"page": "-1"}, {"source": "<b>"}])
def test_a_number_that_is_none_is_refused(client, city, query):
    assert get(client, **query).status_code == 400


def test_a_choice_narrows_the_list(client, merged):
    assert {one["source"] for one in get(client, source="amalnews").json} == {"amalnews"}
    assert [one["id"] for one in get(client, channel="news").json] == [f"local-{merged}"]
    assert get(client, source="unbekannt").json == []


@pytest.mark.parametrize(
    ("features", "sources"),
    [
        ({"push_notifications": True}, {"local"}),
        ({"external_news": True}, {"tunews", "amalnews"}),
        ({}, set()),
    ],
)
def test_what_the_city_has_switched_off_is_not_listed(client, city, merged, features, sources):
    with city.write() as db:
        draft = tenants.TenantDraft(slug="teststadt", name="Teststadt", prefix="Stadt", features=features)
        tenants.change(db, draft, actor=EDITOR)
    assert {one["source"] for one in get(client).json} == sources
    assert (get(client, f"news/local-{merged}").status_code == 200) == ("local" in sources)


def test_a_message_leaves_the_list_after_four_weeks(client, city, time):
    message = announce(city, "Rathaus geschlossen")
    time.move_to(START + 28 * DAY)
    work(city)
    assert get(client).json == []
    assert get(client, f"news/local-{message}").status_code == 404


def test_the_main_language_stands_in_when_the_message_says_so(client, city):
    announce(city, "Wasser abkochen", mode=MAIN)
    (found,) = get(client, language="ar").json
    assert found["title"] == "Wasser abkochen"
    assert found["available_languages"].keys() == {"de", "en"}


@pytest.mark.parametrize("path", ["fcm", "fcm/", "sent_push_notifications/"])
def test_old_apps_read_the_citys_own_messages(client, merged, path):
    (found,) = get(client, path, channel="news").json
    assert (found["id"], found["title"], found["message"]) == (merged, "Rathaus geschlossen", "<p>Am Freitag.</p>")
    assert found["timestamp"] == "2026-11-23T09:00:00+01:00"
    assert get(client, path, id=merged).json == [found]
    assert get(client, path, id=merged + 1).json == []
    assert get(client, path, channel="other").json == []
