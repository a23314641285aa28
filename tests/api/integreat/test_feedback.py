"""Feedback as the apps send it, and the chat they ask for."""

from __future__ import annotations

import pytest

from cityinfo.features import feedback
from tests.factories import plant
from tests.factories_offers import offer, publish_imprint, switch_on

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
HERE = "/api/v3/teststadt/de"
FORM = {"category": "Inhalte", "comment": "Sehr hilfreich    Kontaktadresse: Keine Angabe", "rating": "up"}


def kept(city):
    with city.read() as db:
        return list(feedback.listed(db))


@pytest.mark.parametrize("end", ["", "/"])
def test_apps_are_told_of_success_in_json_from_every_origin(client, city, end):
    answer = client.post(f"{HERE}/feedback/categories{end}", data=FORM, content_type="multipart/form-data")
    assert (answer.status_code, answer.json) == (201, {"success": "Feedback successfully submitted"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    row = kept(city)[0]
    assert (row.comment, row.contact, row.rating, row.technical) == ("Sehr hilfreich", "", "up", False)


KINDS = [
    ("categories", {}, "tenant"),
    ("page", {"slug": "arbeit"}, "page"),
    ("events", {}, "events"),
    ("map", {}, "map"),
    ("search", {"query": "Kita"}, "search"),
    ("offers", {}, "offers"),
    ("offer", {"slug": "kurs"}, "offer"),
    ("offer", {"slug": "wohnraumboerse"}, "offer"),
    ("imprint-page", {"slug": "imprint"}, "imprint"),
    ("extras", {}, "offers"),
    ("extra", {"slug": "kurs"}, "offer"),
    ("locations", {}, "map"),
]


@on_one_database
def test_every_kind_of_page_has_a_form_of_its_own(client, city):
    plant(city, "Arbeit")
    offer(city, "Kurs")
    switch_on(city, "wohnraumboerse")
    publish_imprint(city)
    for kind, form, topic in KINDS:
        reader = {"REMOTE_ADDR": f"192.0.2.{len(kept(city))}"}
        answer = client.post(f"{HERE}/feedback/{kind}/", data={**FORM, **form}, environ_base=reader)
        assert answer.status_code == 201, answer.text
        assert kept(city)[0].topic == topic


@on_one_database
def test_older_apps_name_the_page_by_its_address_or_send_json(client, city):
    page = plant(city, "Arbeit")
    older = "/teststadt/de/wp-json/extensions/v3/feedback"
    assert client.post(older, data={**FORM, "permalink": "/teststadt/de/arbeit/"}).status_code == 201
    assert client.post(older, json={**FORM, "permalink": "/teststadt/de/"}).status_code == 201
    assert client.post(f"{older}/page", json={**FORM, "slug": "arbeit"}).status_code == 201
    assert sorted((row.topic, row.entry_id) for row in kept(city) if row.entry_id) == [("page", page)] * 2
    assert len(kept(city)) == 3


@on_one_database
def test_feedback_about_the_app_itself_is_marked(client, city):
    client.post(f"{HERE}/feedback/categories/", data={**FORM, "category": "Technisches Feedback"})
    assert kept(city)[0].technical


REFUSED = [
    ("/api/v3/nirgendwo/de/feedback/categories/", {}, 404),
    ("/api/v3/teststadt/xx/feedback/categories/", {}, 404),
    (f"{HERE}/feedback/wetter/", {}, 404),
    (f"{HERE}/feedback/page/", {"slug": "gibtsnicht"}, 404),
    (f"{HERE}/feedback/categories/", {"rating": "sideways"}, 400),
    (f"{HERE}/feedback/categories/", {"comment": "", "rating": ""}, 400),
    (f"{HERE}/feedback/categories/", {"comment": "x" * 200_000}, 413),
]


@on_one_database
def test_what_cannot_be_kept_is_refused_and_apps_can_read_why(client, city):
    for address, form, status in REFUSED:
        answer = client.post(address, data={**FORM, **form})
        assert (answer.status_code, answer.json.keys()) == (status, {"error"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert kept(city) == []


@on_one_database
@pytest.mark.parametrize("address", [f"{HERE}/feedback/categories/", "/teststadt/de/wp-json/extensions/v3/feedback"])
def test_feedback_cannot_be_read_this_way(client, city, address):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (405, "*")
    assert answer.json.keys() == {"error"}


@on_one_database
def test_apps_are_told_when_it_is_too_much(client, city):
    for _ in range(10):
        client.post(f"{HERE}/feedback/categories/", data=FORM)
    answer = client.post(f"{HERE}/feedback/categories/", data=FORM)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (429, "*")


@on_one_database
def test_every_form_is_taken_anew(client, city):
    """Nothing that readers send is answered from what was answered before."""
    for _ in range(2):
        client.post(f"{HERE}/feedback/categories/", data=FORM)
    assert len(kept(city)) == 2


@on_one_database
@pytest.mark.parametrize("end", ["", "/"])
def test_a_chat_has_no_conversation_and_nobody_to_answer(client, city, end):
    chat = f"{HERE}/chat/6f1c7d0e-6e0b-4c1b-9d5c-3d1a1f0b1c2d{end}"
    read, written = client.get(chat), client.post(chat, data={"message": "Hallo"})
    assert (read.status_code, written.status_code) == (404, 503)
    for answer in (read, written):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert client.post(chat.replace("teststadt", "nirgendwo"), data={"message": "Hallo"}).status_code == 404
