"""Comments as programs read and write them."""

from __future__ import annotations

import pytest

from tests.editors import Editor


@pytest.fixture
def page(client, city):
    return Editor(client, city).create()


def here(page, plural="pages", language="de"):
    return f"/{plural}/{page.json['id']}/texts/{language}/comments"


def test_something_is_said_answered_and_resolved(client, city, page):
    editor, translator = Editor(client, city, "editor"), Editor(client, city, "translator", languages=["ar"])
    made = editor.post(here(page), {"words": "Stimmt das?", "quote": "Eins"})
    assert (made.status_code, made.json["stands"]) == (201, True)
    at = made.headers["Location"].removeprefix(editor.here)
    answered = translator.post(f"{at}/answers", {"words": "Ja."})
    assert [one["author"] for one in answered.json["comments"]] == [editor.name, translator.name]
    assert editor.post(f"{at}/resolve", seen=made).status_code == 412
    assert editor.post(f"{at}/resolve", seen=answered).json["resolved_by"] == editor.name
    assert editor.get(here(page)).json["items"] == []
    (found,) = editor.get(f"{here(page)}?state=resolved").json["items"]
    reopened = editor.post(f"{at}/reopen", seen=editor.get(at))
    assert (found["quote"], reopened.json["resolved_at"]) == ("Eins", None)


def test_one_changes_and_deletes_only_what_is_ones_own(client, city, page):
    editor, other = Editor(client, city, "editor"), Editor(client, city, "author")
    made = editor.post(here(page), {"words": "Stimmt das?"})
    at = f"{here(page)}/{made.json['id']}"
    changed = editor.patch(at, {"words": "Stimmt der Tag?"}, seen=made)
    assert changed.json["comments"][0]["words"] == "Stimmt der Tag?"
    refused = other.delete(at, seen=changed)
    assert (refused.status_code, refused.json["code"]) == (403, "comment.not_yours")
    assert editor.delete(at, seen=changed).status_code == 204
    assert editor.get(at).status_code == 404


def test_a_retry_says_nothing_twice(client, city, page):
    editor = Editor(client, city, "editor")
    first, second = (editor.post(here(page), {"words": "Einmal"}, key="k-1") for _ in range(2))
    assert first.json == second.json
    assert len(editor.get(here(page)).json["items"]) == 1


@pytest.mark.parametrize("body", [{"words": ""}, {"words": "x" * 2001}, {"words": "x", "mentions": ["person:1"]}, {}])
def test_what_cannot_be_said_is_refused(client, city, page, body):
    assert Editor(client, city).post(here(page), body).status_code == 422


def test_texts_of_every_kind_can_be_talked_about(client, city):
    editor = Editor(client, city)
    verein = editor.create("organizations", "Amt")
    made = editor.post(here(verein, "organizations"), {"words": "Gibt es ihn noch?"})
    assert made.status_code == 201
    wrong = f"/organizations/{verein.json['id']}/texts/en/comments/{made.json['id']}"
    assert editor.get(wrong).status_code == 404


def test_members_of_an_organization_talk_about_what_is_theirs_alone(client, city, page):
    manager = Editor(client, city)
    organization = manager.create("organizations", "Verein")
    member = Editor(client, city, "contributor", organization=organization.json["id"])
    assert member.post(here(organization, "organizations"), {"words": "Neue Nummer"}).status_code == 201
    assert member.post(here(page), {"words": "Hallo"}).status_code == 403
    assert member.get(here(page)).status_code == 403
