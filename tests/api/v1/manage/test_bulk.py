"""The same for many entries: each by itself, with rights and a conflict of its own, and never twice."""

from __future__ import annotations

import pytest

from tests.editors import Editor

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def amal(client, city):
    return Editor(client, city)


def item(entry, plural="pages"):
    return {"kind": plural, "id": entry.json["id"], "etag": entry.json["etag"]}


def bulk(editor, action, *items, key="", **more):
    answer = editor.post("/bulk", {"action": action, "items": list(items), **more}, key=key)
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def statuses(results):
    return [one["status"] for one in results]


def test_what_can_be_done_is_done_whatever_becomes_of_the_others(amal):
    one, other, event = (
        amal.create(title="Eins"),
        amal.create(title="Zwei"),
        amal.create("contacts", phone="+49 821 3240"),
    )
    stale = {**item(other), "etag": "1;de=7"}
    unknown = {"kind": "pages", "id": 5, "etag": "1;de=1"}
    done = bulk(amal, "publish", item(one), stale, item(event, "contacts"), unknown, languages=["de"])
    assert statuses(done) == [200, 412, 200, 404]
    assert [one["problem"] and one["problem"]["code"] for one in done] == [None, "text.conflict", None, "entry.unknown"]
    assert amal.get(f"/pages/{one.json['id']}/texts/de").json["stage"] == "public"
    assert amal.get(f"/pages/{other.json['id']}/texts/de").json["stage"] == "draft"


def test_rights_are_asked_for_each_item(client, city, amal):
    page, offer = amal.create(), amal.create("offers", "Kurs")
    events_only = Editor(client, city, "event_manager")
    assert statuses(bulk(events_only, "archive", item(page), item(offer, "offers"))) == [403, 200]


def test_a_retry_is_given_what_was_answered_and_does_nothing_twice(amal):
    pages = [amal.create(title=f"Seite {number}") for number in range(3)]
    first = bulk(amal, "archive", *map(item, pages), key="b1")
    assert bulk(amal, "archive", *map(item, pages), key="b1") == first
    assert statuses(bulk(amal, "archive", *map(item, pages))) == [412, 412, 412]


def test_pages_are_moved_restored_submitted_and_taken_offline_in_bulk(amal):
    top, page = amal.create(title="Oben"), amal.create(title="Unten")
    moved = bulk(amal, "move", item(page), under=top.json["id"])
    assert statuses(moved) == [200]
    here = f"/pages/{page.json['id']}"
    assert amal.get(here).json["facts"]["under"] == top.json["id"]
    assert statuses(bulk(amal, "submit", item(amal.get(here)), languages=["de"], message="Bitte")) == [200]
    assert statuses(bulk(amal, "publish", item(amal.get(here)), languages=["de"])) == [200]
    assert statuses(bulk(amal, "take_offline", item(amal.get(here)), languages=["de"])) == [200]
    assert statuses(bulk(amal, "archive", item(amal.get(here)))) == [200]
    assert statuses(bulk(amal, "restore", item(amal.get(here)))) == [200]
    assert statuses(bulk(amal, "delete", item(amal.get(here)))) == [422]


def test_too_many_at_once_and_missing_languages_are_refused(amal):
    one = {"kind": "pages", "id": 5, "etag": "1"}
    assert amal.post("/bulk", {"action": "archive", "items": [one] * 201}).status_code == 422
    assert amal.post("/bulk", {"action": "publish", "items": [one]}).status_code == 422
