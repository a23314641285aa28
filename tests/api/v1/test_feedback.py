"""Feedback over version 1: sent as JSON, answered with a ticket."""

from __future__ import annotations

import pytest

from cityinfo.features import feedback
from tests.factories import EDITOR, plant

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
HERE = "/api/v1/tenants/teststadt/de/feedback"


def post(client, address=HERE, **said):
    return client.post(address, json={"topic": "tenant", **said})


def test_a_reader_reads_the_reply_with_the_ticket(client, city):
    sent = post(client, comment="Wo ist das Amt?")
    assert (sent.status_code, sent.json.keys(), sent.headers["Cache-Control"]) == (201, {"ticket"}, "no-store")
    mine = f"{HERE}/{sent.json['ticket']}"
    assert client.get(mine).json["reply"] is None
    with city.write() as db:
        feedback.reply(db, feedback.listed(db)[0].id, "Am Markt.", actor=EDITOR)
    answer = client.get(mine)
    assert (answer.json["reply"], answer.headers["Cache-Control"]) == ("Am Markt.", "no-store")
    assert answer.json["replied_at"] >= answer.json["sent_at"]
    assert client.get(mine, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@on_one_database
def test_what_is_said_is_kept_as_it_was_said(client, city):
    page = plant(city, "Arbeit")
    post(client, topic="page", slug="arbeit", rating="down", comment="Alt", contact="amal@example.org", technical=True)
    with city.read() as db:
        row = feedback.listed(db)[0]
    assert (row.entry_id, row.rating, row.comment, row.contact, row.technical) == (
        page,
        "down",
        "Alt",
        "amal@example.org",
        True,
    )
    assert (row.delete_at - row.created_at).days == 365


REFUSED = [
    ({"topic": "wetter", "comment": "x"}, 422),
    ({"rating": "sideways"}, 422),
    ({}, 422),
    ({"topic": "page", "slug": "gibtsnicht", "rating": "up"}, 404),
    ({"comment": "x" * 20_000}, 422),
    ({"comment": "x" * 200_000}, 413),
]


@on_one_database
def test_what_cannot_be_kept_is_a_problem(client, city):
    for said, status in REFUSED:
        answer = post(client, **said)
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


@on_one_database
def test_what_is_no_json_is_a_problem(client, city):
    answer = client.post(HERE, data="{", content_type="application/json")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


@on_one_database
@pytest.mark.parametrize("where", ["nirgendwo/de", "teststadt/xx"])
def test_a_city_or_language_that_is_not_there_takes_nothing(client, city, where):
    assert post(client, f"/api/v1/tenants/{where}/feedback", comment="x").status_code == 404


@on_one_database
def test_who_sends_too_much_is_told_to_wait(client, city):
    for _ in range(10):
        assert post(client, rating="up").status_code == 201
    answer = post(client, rating="up")
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (429, "feedback.limited", "600")
    forwarded = {"X-Forwarded-For": "198.51.100.7"}  # nobody stands in front, so this is only what the reader claims
    assert client.post(HERE, json={"topic": "tenant", "rating": "up"}, headers=forwarded).status_code == 429


@on_one_database
def test_behind_a_proxy_readers_are_told_apart_by_what_it_saw(settings, database, city):
    from dataclasses import replace

    from cityinfo.app import create_app

    client = create_app(replace(settings, proxies=1), database=database).test_client()
    said = {"json": {"topic": "tenant", "rating": "up"}}
    for number in range(11):
        client.post(HERE, **said, headers={"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.7"})
    with city.read() as db:
        assert len(feedback.listed(db)) == 10
    household = [f"2001:db8:1:2::{number}" for number in range(11)]
    statuses = [client.post(HERE, **said, headers={"X-Forwarded-For": one}).status_code for one in household]
    assert statuses == [201] * 10 + [429]


@on_one_database
def test_a_wrong_ticket_is_not_found(client, city):
    assert client.get(f"{HERE}/falsch").json["code"] == "feedback.ticket"
