"""Files, feedback, proposals, calendars, categories, feeds, settings, people, jobs and the log, for programs."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from cityinfo.features import feedback
from cityinfo.kernel import clock, jobs
from tests.editors import Editor
from tests.factories import plant
from tests.factories_entries import found
from tests.factories_media import picture
from tests.factories_people import person

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
CATEGORY = {"names": {"de": "Eulen"}, "icon": "house", "color": "#585858"}


@pytest.fixture
def amal(client, city):
    return Editor(client, city)


def upload(editor, data, *, name="bild.jpg", key="", path="/media?folder=haus", method="POST", seen=None):
    form = {"file": (io.BytesIO(data), name)}
    return editor.ask(method, path, data=form, content_type="multipart/form-data", key=key, seen=seen)


def test_a_file_is_uploaded_once_described_and_replaced(amal, client):
    data = picture()
    made = upload(amal, data, key="u1")
    assert (made.status_code, made.json["facts"]["folder"], made.json["facts"]["width"]) == (201, "haus", 400)
    assert upload(amal, data, key="u1").json == made.json
    assert upload(amal, picture(colour="red"), key="u1").status_code == 422
    assert len(amal.get("/media").json["items"]) == 1
    here = f"/media/{made.json['id']}"
    changed = amal.patch(here, {"name": "rathaus.jpg", "focal_point": [0.1, 0.2], "folder": "amt"}, seen=made)
    assert changed.json["facts"]["focal_point"] == [0.1, 0.2]
    words = {"title": "Das Rathaus", "content": ""}
    assert amal.put(f"{here}/texts/de", words, seen=changed).status_code == 200
    replaced = upload(amal, picture(200, 100), path=f"{here}/file", method="PUT", seen=amal.get(here))
    assert (replaced.status_code, replaced.json["facts"]["width"]) == (200, 200)
    assert client.get(replaced.json["facts"]["url"]).status_code == 200
    assert [one["path"] for one in amal.get("/media/folders").json["items"]] == ["", "amt"]
    assert upload(amal, b"kein Bild").status_code == 422


def test_a_field_that_no_upload_has_is_refused_and_nothing_is_kept(amal):
    form = {"file": (io.BytesIO(picture()), "bild.jpg"), "ordner": "haus"}
    refused = amal.ask("POST", "/media", data=form, content_type="multipart/form-data")
    assert (refused.status_code, refused.json["code"]) == (422, "request.unknown_field")
    assert refused.json["detail"] == "Unknown field “ordner”; leave it out."
    assert amal.get("/media").json["items"] == []


def test_feedback_is_read_answered_passed_on_and_put_away(amal, client):
    client.post(
        "/api/v1/tenants/teststadt/de/feedback", json={"topic": "tenant", "comment": "=Wo?", "contact": "a@b.de"}
    )
    row = amal.get("/feedback").json["items"][0]
    here = f"/feedback/{row['id']}"
    read = amal.post(f"{here}/read", seen=amal.get(here))
    assert read.json["read_by"] == amal.name
    answered = amal.post(f"{here}/reply", {"words": "Am Markt."}, seen=read)
    assert answered.json["reply"] == "Am Markt."
    refused = amal.post(f"{here}/reply", {"words": "Anders."}, seen=read)
    assert (refused.status_code, refused.json["data"]["theirs"]["reply"]) == (412, "Am Markt.")
    passed = amal.post(f"{here}/forward", {"to": "caritas@example.org"}, seen=answered)
    table = amal.get("/feedback.csv")
    assert table.content_type.startswith("text/csv")
    assert "'=Wo?" in table.text
    assert "a@b.de" not in table.text
    archived = amal.post(f"{here}/archive", seen=passed)
    assert amal.get("/feedback").json["items"] == []
    assert amal.post(f"{here}/restore", seen=archived).json["archived_at"] is None


def test_long_lists_come_in_portions(amal, city):
    with city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        for number in range(5):
            said = feedback.Message(topic="tenant", comment=f"Nummer {number}")
            feedback.send(db, said, language="de", address=f"10.0.0.{number}", keep=timedelta(days=30))
    seen, path = [], "/feedback?limit=2"
    while path:
        answer = amal.get(path).json
        seen += [one["comment"] for one in answer["items"]]
        path = f"/feedback?limit=2&cursor={answer['cursor']}" if answer["more"] else ""
    assert seen == [f"Nummer {number}" for number in reversed(range(5))]


def test_a_member_proposes_and_an_editor_decides(amal, client, city):
    caritas = found(city, "Caritas")
    offer = amal.create("offers", "Kurs", provider=caritas)
    member = Editor(client, city, "contributor", organization=caritas)
    body = {"entry_id": offer.json["id"], "language": "de", "title": "Kurs für alle", "text_revision": 1}
    made = member.post("/proposals", body)
    assert (made.status_code, made.json["state"]) == (201, "proposed")
    foreign = {**body, "entry_id": amal.create("offers", "Fremd").json["id"]}
    assert member.post("/proposals", foreign).status_code == 403
    assert member.get("/proposals").status_code == 403
    waiting = amal.get("/proposals").json["items"]
    assert [one["id"] for one in waiting] == [made.json["id"]]
    here = f"/proposals/{made.json['id']}"
    accepted = amal.post(f"{here}/accept", {"publish": True}, seen=amal.get(here))
    assert accepted.json["state"] == "accepted"
    assert amal.get(f"/offers/{offer.json['id']}").json["texts"]["de"]["title"] == "Kurs für alle"
    second = member.post("/proposals", {**body, "title": "Noch einmal", "text_revision": 3})
    assert member.post(f"/proposals/{second.json['id']}/withdraw", seen=second).json["state"] == "withdrawn"
    assert [one["state"] for one in member.get("/proposals/mine").json["items"]] == ["withdrawn", "accepted"]


def test_a_calendar_is_added_previewed_run_and_removed(amal, client):
    client.application.extensions["calendars"] = Calendars
    draft = {"name": "VHS", "address": "https://vhs.example.org/a.ics", "language": "de"}
    made = amal.post("/calendars", draft)
    here = f"/calendars/{made.json['id']}"
    assert amal.get(f"{here}/preview").json["new"] == ["Kurs"]
    assert amal.get("/events").json["items"] == []
    promised = amal.post(f"{here}/run", key="r1")
    assert (promised.status_code, amal.post(f"{here}/run", key="r1").json) == (202, promised.json)
    job = amal.get(f"/jobs/{promised.json['job_id']}")
    assert (job.json["name"], job.json["state"]) == ("events.run_calendar", "waiting")
    assert made.json["paused"] is False
    changed = amal.put(here, {**draft, "name": "Volkshochschule", "paused": True}, seen=made)
    assert changed.json["paused"] is True
    assert (changed.json["name"], amal.put(here, draft, seen=made).status_code) == ("Volkshochschule", 412)
    assert amal.delete(here, seen=changed).status_code == 204
    assert amal.get("/calendars").json["items"] == []


class Calendars:
    """A calendar elsewhere."""

    def fetch(self, address, *, most):
        assert address.endswith(".ics")
        event = (
            "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Kurs\r\nDTSTART:21000501T180000\r\nDTEND:21000501T190000\r\nEND:VEVENT"
        )
        return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{event}\r\nEND:VCALENDAR\r\n".encode()


def test_a_category_of_the_city_is_added_changed_and_deleted(amal):
    made = amal.post("/categories/eulen", CATEGORY)
    assert (made.status_code, made.json["own"]) == (201, True)
    assert amal.post("/categories/eulen", CATEGORY).status_code == 409
    changed = amal.put("/categories/eulen", {**CATEGORY, "names": {"de": "Eulennester"}}, seen=made)
    assert changed.json["names"] == {"de": "Eulennester"}
    assert amal.put("/categories/advice", CATEGORY, seen=amal.get("/categories/advice")).status_code == 409
    assert amal.delete("/categories/eulen", seen=changed).status_code == 204


def test_a_feed_is_shown_hidden_and_forgotten(amal):
    made = amal.post("/feeds", {"address": "https://example.org/a.rss", "source": "amtsblatt", "language": "de"})
    here = f"/feeds/{made.json['id']}"
    hidden = amal.put(here, {"active": False}, seen=made)
    assert hidden.json["active"] is False
    assert amal.delete(here, seen=hidden).status_code == 204


def test_facts_and_languages_of_the_city_are_changed(amal, client):
    settings = amal.get("/settings")
    changed = amal.patch("/settings", {"name": "Neustadt"}, seen=settings)
    assert (changed.json["name"], client.get("/api/v1/tenants/teststadt").json["name"]) == (
        "Neustadt",
        "Stadt Neustadt",
    )
    assert amal.patch("/settings", {"name": "Altstadt"}, seen=settings).status_code == 412
    assert amal.patch("/settings", {"slug": "andere"}, seen=changed).status_code == 422
    tree = amal.get("/languages")
    fewer = {"items": [one for one in tree.json["items"] if one["slug"] != "ar"]}
    assert amal.put("/languages", fewer, seen=tree).status_code == 200
    assert client.get("/api/v1/tenants/teststadt/ar/pages").status_code == 404
    assert amal.get("/external-offers").json == {"items": []}


def test_what_the_city_insists_on_stops_programs_too(amal, client, city):
    gates = amal.get("/quality-gates")
    assert gates.json == {"flaws": [], "most_year": 12}
    wanted = {"flaws": ["hard_text", "vague_link"], "most_year": 9}
    assert amal.put("/quality-gates", wanted, seen=gates).json == wanted
    assert amal.put("/quality-gates", {"flaws": ["typo"]}, seen=amal.get("/quality-gates")).status_code == 422
    page = plant(city, "Amt", content='<p><a href="https://example.org">hier</a></p>', public=False)
    text = f"/pages/{page}/texts/de"
    refused = amal.post(f"{text}/publish", seen=amal.get(text))
    assert (refused.status_code, refused.json["code"]) == (422, "text.gate")
    assert refused.json["detail"] == "Not published yet: the link text “hier” must say where it leads."
    assert refused.json["data"]["flaws"] == [{"flaw": "vague_link", "words": "hier"}]
    assert amal.get(text).json["public"] is None


def test_a_role_is_given_changed_and_taken(amal, client, city, database):
    person(database, "Karim")
    made = amal.post("/people", {"email": "karim@example.org", "role": "translator", "languages": ["en"]})
    assert (made.status_code, made.json["languages"]) == (201, ["en"])
    here = f"/people/{made.json['id']}"
    changed = amal.put(here, {"role": "editor"}, seen=made)
    assert changed.json["role"] == "editor"
    assert amal.delete(here, seen=changed).status_code == 204
    mine = next(one for one in amal.get("/people").json["items"] if one["account_id"] == amal.account_id)
    last = amal.delete(f"/people/{mine['id']}", seen=amal.get(f"/people/{mine['id']}"))
    assert (last.status_code, last.json["code"]) == (422, "membership.last_manager")
    assert amal.post("/people", {"email": "niemand@example.org", "role": "editor"}).status_code == 404
    assert Editor(client, city, "editor").get("/people").status_code == 403


def test_a_job_that_was_given_up_is_tried_again_or_called_off(amal, city):
    with city.write() as db:
        job_id = jobs.enqueue(db, "events.run_calendar", calendar_id=1)
        db.flush()
        jobs.find(db, job_id).run_after = None
    assert [one["id"] for one in amal.get("/jobs?state=failed").json["items"]] == [job_id]
    again = amal.post(f"/jobs/{job_id}/retry", seen=amal.get(f"/jobs/{job_id}"))
    assert again.json["state"] == "waiting"
    off = amal.post(f"/jobs/{job_id}/cancel", seen=again)
    assert off.json["state"] == "cancelled"
    assert amal.post(f"/jobs/{job_id}/cancel", seen=off).status_code == 422


def test_the_log_says_who_did_what(amal):
    page = amal.create()
    done = amal.get(f"/audit?entry_id={page.json['id']}").json["items"]
    assert [(one["action"], one["actor"]) for one in done] == [("TextSaved", amal.name), ("EntryCreated", amal.name)]


def test_what_a_reviewed_token_publishes_waits_for_review(amal):
    draft = {"name": "Import", "expires_at": (clock.now() + timedelta(days=30)).isoformat(), "reviewed": True}
    draft["scopes"] = ["page:read", "page:create", "page:write", "page:publish"]
    made = amal.post("/tokens", draft)
    assert made.status_code == 201, made.json
    machine = Machine(amal, made.json["secret"])
    page = machine.create(title="Vom Import")
    waits = machine.publish("pages", page)
    assert (waits.status_code, waits.json["review"], waits.json["stage"]) == (202, "requested", "draft")
    assert amal.publish("pages", amal.get(f"/pages/{page.json['id']}")).json["stage"] == "public"
    assert machine.get("/people").status_code == 403
    token = amal.get(f"/tokens/{made.json['id']}")
    assert "secret" not in token.json
    assert amal.delete(f"/tokens/{made.json['id']}", seen=token).status_code == 204
    assert machine.get("/pages").status_code == 401


class Machine(Editor):
    """A program with a token of the city."""

    def __init__(self, editor, secret):
        self.client, self.here = editor.client, editor.here
        self.headers = {"Authorization": f"Bearer {secret}"}
