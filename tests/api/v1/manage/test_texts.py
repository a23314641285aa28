"""Saving, conflicts, review, publishing and versions over the editing API, for pages as for any kind."""

from __future__ import annotations

import pytest

from cityinfo.features import content
from tests.editors import Editor

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def amal(client, city):
    return Editor(client, city)


@pytest.fixture
def karim(client, city):
    return Editor(client, city)


@pytest.fixture
def page(amal):
    return amal.create()


@pytest.fixture
def here(page):
    return f"/pages/{page.json['id']}/texts/de"


def words(title="Arbeit", content="<p>Zwei</p>", **more):
    return {"title": title, "content": content, **more}


def test_reading_editing_and_publishing_need_nothing_but_the_tags_that_were_answered(amal, client, page, here):
    public = f"/api/v1/tenants/teststadt/de/pages/{page.json['id']}"
    assert client.get(public).status_code == 404
    saved = amal.put(here, words("Arbeit finden"), seen=page)
    assert (saved.status_code, saved.json["stage"]) == (200, "draft")
    published = amal.post(f"{here}/publish", seen=saved)
    assert (published.status_code, published.json["stage"]) == (200, "public")
    assert client.get(public).json["title"] == "Arbeit finden"


def test_a_conflict_shows_both_versions_and_keeps_the_rejected_words(amal, karim, page, here):
    karim.put(here, words("Karims Titel"), seen=page)
    refused = amal.put(here, words("Amals Titel", "<p>Amals <b>Text</b></p>"), seen=page)
    assert refused.status_code == 412
    yours, theirs = refused.json["data"]["yours"], refused.json["data"]["theirs"]
    assert (yours["title"], yours["revision"]) == ("Amals Titel", 1)
    assert (theirs["title"], theirs["author"], theirs["revision"]) == ("Karims Titel", karim.name, 2)
    assert theirs["changed_at"]
    assert amal.get(here).json["autosave"]["title"] == "Amals Titel"
    assert karim.get(here).json["autosave"] is None
    again = amal.put(here, words("Amals Titel"), seen=f'"{theirs["etag"]}"')
    assert again.status_code == 200


def test_a_change_without_what_was_seen_is_refused(amal, page, here):
    for seen in (None, "*"):
        refused = amal.put(here, words(), seen=seen)
        assert (refused.status_code, refused.json["code"]) == (428, "http.precondition_required")


@pytest.mark.parametrize("seen", ['"never seen"', 'W/"1;de=1"', '"1;de=1", "1;de=2"', "kaputt"])
def test_what_is_no_single_strong_tag_of_ours_matches_nothing(amal, page, here, seen):
    assert amal.put(here, words(), seen=seen).status_code == 412


def test_who_translates_is_not_held_up_by_who_changes_the_source(amal, karim, page, here):
    amal.put(here, words("Neu"), seen=page)
    first = karim.put(here.replace("/de", "/en"), words("Work"), seen=page)
    assert (first.status_code, first.json["language"]) == (200, "en")
    assert karim.put(here.replace("/de", "/en"), words("Work!"), seen=page).status_code == 412


def test_content_is_sanitised_at_this_door_too(amal, page, here):
    saved = amal.put(here, words(content="<p onclick='x()'>Hallo<script>alert(1)</script></p>"), seen=page)
    assert saved.json["current"]["content"] == "<p>Hallo</p>"


def test_what_was_submitted_is_found_and_approved_by_publishing(amal, karim, page, here):
    sent = amal.post(f"{here}/submit", {"message": "Bitte ansehen", "assignee": karim.name}, seen=page)
    assert (sent.status_code, sent.json["review"], sent.json["assignee"]) == (200, "requested", karim.name)
    assert [one["id"] for one in karim.get("/pages?review=requested").json["items"]] == [page.json["id"]]
    approved = karim.post(f"{here}/publish", seen=sent)
    assert (approved.json["review"], approved.json["stage"]) == ("", "public")


def test_a_text_is_returned_with_a_reason(amal, karim, page, here):
    sent = amal.post(f"{here}/submit", {}, seen=page)
    returned = karim.post(f"{here}/return", {"reason": "Zu lang"}, seen=sent)
    assert (returned.json["review"], returned.json["message"]) == ("returned", "Zu lang")
    assert karim.post(f"{here}/return", {"reason": ""}, seen=returned).status_code == 422


def test_an_earlier_version_comes_back_as_a_new_one(amal, page, here):
    saved = amal.put(here, words("Anders"), seen=page)
    versions = amal.get(f"{here}/versions").json["items"]
    assert [one["title"] for one in versions] == ["Anders", "Arbeit"]
    first = amal.get(f"{here}/versions/{versions[1]['id']}").json
    assert first["content"] == "<p>Eins</p>"
    restored = amal.post(f"{here}/versions/{first['id']}/restore", {"minor": True}, seen=saved)
    assert (restored.json["title"], restored.json["current"]["number"], restored.json["current"]["minor"]) == (
        "Arbeit",
        3,
        True,
    )


def test_a_translation_shows_where_it_stands_and_is_confirmed(amal, page, here, city):
    public = amal.post(f"{here}/publish", seen=page)
    english = amal.put(here.replace("/de", "/en"), words("Work"), seen=public)
    assert english.json["state"] == "up_to_date"
    changed = amal.post(f"{here}/publish", seen=amal.put(here, words("Ganz anders"), seen=english))
    assert amal.get(f"/pages/{page.json['id']}").json["states"] == {
        "de": "up_to_date",
        "en": "outdated",
        "ar": "missing",
    }
    shown = changed.json["public"]["id"]
    confirmed = amal.post(f"{here.replace('/de', '/en')}/confirm", {"shown": shown}, seen=changed)
    assert confirmed.json["state"] == "up_to_date"


def test_texts_are_taken_offline_in_exactly_the_languages_named(amal, page, here, client):
    public = amal.post(f"{here}/publish", seen=page)
    english = amal.put(here.replace("/de", "/en"), words("Work"), seen=public)
    both = amal.post(f"{here.replace('/de', '/en')}/publish", seen=english)
    gone = amal.post(f"/pages/{page.json['id']}/offline", {"languages": ["en"]}, seen=both)
    stages = {language: one["stage"] for language, one in gone.json["texts"].items()}
    assert stages == {"de": "public", "en": "draft"}
    assert amal.post(f"/pages/{page.json['id']}/offline", {"languages": ["de"]}, seen=english).status_code == 200


def test_a_text_is_scheduled(amal, page, here):
    planned = amal.post(f"{here}/schedule", {"publish_at": "2099-01-01T08:00:00+01:00"}, seen=page)
    assert planned.json["publish_at"].startswith("2099-01-01T07:00:00")
    wrong = {"publish_at": "2099-01-02T08:00:00Z", "offline_at": "2099-01-01T08:00:00Z"}
    assert amal.post(f"{here}/schedule", wrong, seen=planned).status_code == 422
    assert amal.post(f"{here}/schedule", {"publish_at": "2099-01-01T08:00:00"}, seen=planned).status_code == 422


def test_a_taken_address_is_refused_with_a_free_one(amal, page, here):
    amal.create(title="Wohnen")
    refused = amal.put(here, words(slug="wohnen"), seen=page)
    assert (refused.status_code, refused.json["data"]["proposal"]) == (409, "wohnen-2")


@pytest.mark.parametrize("broken", [{"title": "A\0"}, {"title": "\ud800"}, {"titel": "A"}, {"title": 5}, {}])
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(amal, page, here, broken):
    assert amal.put(here, broken, seen=page).status_code == 422
    assert amal.get(here).headers["ETag"] == page.headers["ETag"]


def test_a_retry_after_a_lost_answer_makes_nothing_twice(amal, city):
    body = {"facts": {}, "texts": {"de": {"title": "Neu"}}}
    first = amal.post("/pages", body, key="k1")
    again = amal.post("/pages", body, key="k1")
    assert (again.status_code, again.json, again.headers["ETag"]) == (201, first.json, first.headers["ETag"])
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert again.headers["Location"] == first.headers["Location"]
    assert len(amal.get("/pages").json["items"]) == 1
    other = amal.post("/pages", {**body, "texts": {"de": {"title": "Anders"}}}, key="k1")
    assert (other.status_code, other.json["code"]) == (422, "idempotency.reused")


def test_a_retry_of_a_change_is_given_its_answer_although_its_tag_is_old(amal, page, here):
    first = amal.post(f"{here}/publish", seen=page, key="p1")
    again = amal.post(f"{here}/publish", seen=page, key="p1")
    assert (first.status_code, again.status_code, again.json) == (200, 200, first.json)


def test_a_failed_change_keeps_no_answer(amal, page, here):
    assert amal.post(f"{here}/return", {"reason": "Nein"}, seen=page, key="r1").status_code == 422
    sent = amal.post(f"{here}/submit", {}, seen=page)
    assert amal.post(f"{here}/return", {"reason": "Nein"}, seen=sent, key="r1").status_code == 200


def test_no_cache_keeps_what_editors_see(amal, page, here):
    assert amal.get(here).headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Credentials" not in amal.get(here).headers


def test_words_of_other_kinds_are_asked_under_their_own_kind(amal, page):
    assert amal.get(f"/events/{page.json['id']}/texts/de").status_code == 404
    assert amal.get(f"/unfug/{page.json['id']}/texts/de").status_code == 404


def test_rights_are_asked_for_the_kind_and_the_language(client, city, amal, page, here):
    translator = Editor(client, city, "translator", languages=["en"])
    assert translator.put(here, words(), seen=page).status_code == 403
    assert translator.put(here.replace("/de", "/en"), words("Work"), seen=page).status_code == 200
    assert translator.put(here.replace("/de", "/ar"), words("عمل"), seen=page).status_code == 403
    events_only = Editor(client, city, "event_manager")
    assert events_only.post(f"{here}/publish", seen=page).status_code == 403
    refused = events_only.put(here, words(), seen='"1;de=7"')
    assert (refused.status_code, "data" in refused.json and "theirs" in refused.json["data"]) == (403, False)


def test_nobody_else_comes_through_the_door(client, city, other_city, amal, page, here):
    stranger = Editor(client, other_city)
    stranger.here = amal.here
    assert stranger.get(here).status_code == 404
    assert client.get(f"{amal.here}{here}").status_code == 401
    with city.read() as db:
        assert content.find_text(db, page.json["id"], "de").revision == 1
