"""Webhooks, search and the reasons of rights, for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.features import search
from cityinfo.kernel import clock
from tests.editors import Editor
from tests.factories import plant
from tests.factories_people import member, person
from tests.factories_webhooks import SAFE, Receiver, signed_by, work

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
HOOK = {"address": "https://example.org/hook", "kinds": ["page"], "languages": ["de"]}


@pytest.fixture
def amal(client, city):
    return Editor(client, city)


def test_a_webhook_is_added_changed_and_removed_and_its_secret_is_told_once(amal):
    made = amal.post("/webhooks", HOOK)
    here = f"/webhooks/{made.json['id']}"
    assert (made.status_code, made.headers["Location"]) == (201, f"{amal.here}{here}")
    assert made.json["secret"].startswith("whsec_")
    seen = amal.get(here)
    assert "secret" not in seen.json
    assert amal.get("/webhooks").json["items"] == [seen.json]
    off = amal.put(here, {**HOOK, "kinds": [], "active": False}, seen=made)
    assert (off.json["kinds"], off.json["active"]) == ([], False)
    assert amal.put(here, HOOK, seen=made).json["data"]["theirs"]["active"] is False
    assert amal.put(here, {**HOOK, "kinds": ["weather"]}, seen=off).json["code"] == "webhook.filter"
    assert amal.delete(here, seen=off).status_code == 204
    assert amal.get(here).status_code == 404


def test_a_program_watches_how_messages_went_and_has_them_sent_once_more(amal, client, city, httpserver):
    client.application.extensions["safe"] = SAFE
    receiver = Receiver(httpserver)
    made = amal.post("/webhooks", {"address": receiver.address})
    here = f"/webhooks/{made.json['id']}"
    page = amal.create()
    amal.publish("pages", page)
    work(city)
    assert signed_by(receiver.requests[0], made.json["secret"])
    sent = amal.get(f"{here}/deliveries").json["items"]
    assert [(one["state"], one["status"], one["attempts"]) for one in sent] == [("sent", 204, 1)]
    assert amal.get(here).json["seq"] == sent[0]["seq"]
    assert amal.get(here).headers["ETag"] == made.headers["ETag"], "how far it was told is no change of it"
    again = amal.post(f"{here}/replay", {"since": 0}, key="r1")
    assert (again.status_code, again.json["seq"]) == (200, 0)
    work(city)
    assert [one["id"] for one in receiver.items if one["kind"] == "page"] == [page.json["id"]] * 2
    older = amal.get(f"{here}/deliveries?limit=1").json
    assert (older["more"], len(amal.get(f"{here}/deliveries?cursor={older['cursor']}").json["items"])) == (True, 1)
    assert amal.post(f"{here}/replay", {"since": 10**12}).json["code"] == "webhook.since"


def test_a_new_secret_is_told_to_whoever_saw_the_webhook_as_it_is(amal):
    made = amal.post("/webhooks", HOOK)
    here = f"/webhooks/{made.json['id']}"
    rotated = amal.post(f"{here}/secret", seen=made)
    assert rotated.json["secret"] not in ("", made.json["secret"])
    assert rotated.json["former_until"]
    assert amal.post(f"{here}/secret", seen=made).status_code == 412, "or the former secret would sign no longer"


def test_synonyms_are_found_by_at_once_and_kept_from_being_overwritten(amal, client, city):
    plant(city, "Schwimmbad")
    made = amal.post("/synonyms", {"language": "de", "words": ["Schwimmbad", "Plansche"]})
    here = f"/synonyms/{made.json['id']}"
    assert titles(client, "Plansche") == ["Schwimmbad"]
    assert [one["id"] for one in amal.get("/synonyms?language=de").json["items"]] == [made.json["id"]]
    assert amal.get("/synonyms?language=en").json["items"] == []
    changed = amal.put(here, {"words": ["Schwimmbad", "Badeanstalt"]}, seen=made)
    assert (changed.json["revision"], titles(client, "Plansche")) == (2, [])
    assert amal.put(here, {"words": ["Bad", "Hallenbad"]}, seen=made).status_code == 412
    assert amal.post("/synonyms", {"language": "de", "words": ["allein", " "]}).json["code"] == "synonyms.words"
    assert amal.delete(here, seen=changed).status_code == 204
    assert amal.get(here).status_code == 404


def titles(client, query):
    return [one["title"] for one in client.get(f"/api/v1/tenants/teststadt/de/search?q={query}").json["items"]]


def test_keywords_are_said_of_an_entry_under_its_tag(amal, client, city):
    page = plant(city, "Arbeit")
    here = f"/pages/{page}/texts/de/keywords"
    seen = amal.get(here)
    assert (seen.json, seen.headers["ETag"]) == ({"lines": []}, amal.get(f"/pages/{page}").headers["ETag"])
    said = amal.put(here, {"lines": ["  Hartz   IV ", ""]}, seen=seen)
    assert said.json == {"lines": ["Hartz IV"]}
    assert titles(client, "Hartz") == ["Arbeit"]
    late = amal.put(here, {"lines": ["Bürgergeld"]}, seen=seen)
    assert (late.status_code, late.json["data"]["theirs"]) == (412, {"lines": ["Hartz IV"]})
    assert amal.put(f"/pages/{page}/texts/ar/keywords", {"lines": ["x"]}, seen=said).status_code == 404


def test_what_readers_look_for_in_vain_is_listed_in_portions_once_it_was_asked_several_times(amal, city):
    today = clock.now().date()
    with city.write() as db:
        search.count_misses(db, today, {("de", "sperrmüll"): 12, ("en", "tax id"): 5, ("de", "einmal"): 1})
    first = amal.get("/search-misses?limit=1").json
    assert first["items"] == [{"language": "de", "query": "sperrmüll", "count": 12, "last": today.isoformat()}]
    rest = amal.get("/search-misses", query_string={"cursor": first["cursor"]}).json
    assert ([one["query"] for one in rest["items"]], rest["more"]) == (["tax id"], False)
    assert amal.get("/search-misses?language=en").json["items"] == rest["items"]
    assert amal.get("/search-misses?cursor=de+weg").status_code == 410


def test_a_manager_is_told_in_words_why_someone_may_do_something(amal, client, city, database):
    chapter, other = plant(city, "Arbeit"), plant(city, "Wohnen")
    eva = member(city, "editor", "Eva", subtree=[chapter])
    asked = {"account_id": eva, "permission": "page:publish", "language": "de"}
    told = amal.get("/people/why", query_string={**asked, "entry_id": chapter}).json
    assert (told["allowed"], [one["code"] for one in told["reasons"]]) == (True, ["allowed", "in_subtree"])
    refused = amal.get("/people/why", query_string={**asked, "entry_id": other}).json
    assert (refused["allowed"], [one["sentence"] for one in refused["reasons"]]) == (
        False,
        ["This lies outside the pages for which Eva is editor."],
    )
    stranger = {**asked, "account_id": person(database, "Karim")}
    assert amal.get("/people/why", query_string=stranger).status_code == 404
    assert amal.get("/people/why", query_string={**asked, "permission": "page:wirte"}).status_code == 422
    assert amal.get("/people/why", query_string={**asked, "entry_id": 1}).status_code == 404
    assert Editor(client, city, "editor").get("/people/why", query_string=asked).status_code == 403


def test_a_whole_number_may_be_written_with_a_point_and_nothing_behind_it(amal):
    soon = (clock.now() + timedelta(days=30)).isoformat(timespec="seconds")
    made = amal.post("/tokens", {"name": "Uhr", "scopes": ["event:read"], "expires_at": soon, "per_minute": 60.0})
    assert (made.status_code, made.json["per_minute"]) == (201, 60)
