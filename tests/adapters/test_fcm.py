"""Firebase is told of a topic, with a token it has handed out itself."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from cityinfo.adapters.fcm import FirebaseSender
from cityinfo.features.news import Notice
from cityinfo.kernel.errors import Invalid, Unavailable

NOTICE = Notice(city="teststadt", language="ar", number=12, title="إغلاق", body="يوم الجمعة", path="/x", seconds=3600)
SEND = "/v1/projects/demo-project/messages:send"


@pytest.fixture(scope="module")
def key():
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private.private_bytes(*form).decode()


@pytest.fixture
def sender(httpserver, tmp_path, key):
    account = {
        "type": "service_account",
        "project_id": "demo-project",
        "private_key": key,
        "client_email": "push@demo-project.example",
        "token_uri": httpserver.url_for("/token"),
    }
    path = tmp_path / "account.json"
    path.write_text(json.dumps(account))
    sender = FirebaseSender(path, address=httpserver.url_for("").rstrip("/"))
    yield sender
    sender.close()


def grant(httpserver):
    httpserver.expect_request("/token", method="POST").respond_with_json({"access_token": "t0k3n", "expires_in": 3600})


def test_a_topic_is_told_what_apps_read(httpserver, sender):
    grant(httpserver)
    httpserver.expect_request(SEND, headers={"Authorization": "Bearer t0k3n"}).respond_with_json({"name": "1"})
    sender.send(NOTICE, None)
    sender.send(NOTICE, None)
    paths = [request.path for request, _ in httpserver.log]
    assert paths == ["/token", SEND, SEND], "a token serves more than once"
    assert httpserver.log[0][0].form["assertion"].count(".") == 2
    message = httpserver.log[1][0].json["message"]
    assert message["topic"] == "teststadt-ar-news"
    assert message["data"] == {"city_code": "teststadt", "language_code": "ar", "news_id": "12"}
    assert message["notification"] == {"title": "إغلاق", "body": "يوم الجمعة"}


def test_what_repeats_replaces_what_a_phone_shows_of_the_message_and_of_no_other(httpserver, sender):
    grant(httpserver)
    httpserver.expect_request(SEND).respond_with_json({"name": "1"})
    for notice in (NOTICE, NOTICE, replace(NOTICE, city="nachbarstadt"), replace(NOTICE, number=13)):
        sender.send(notice, None)
    sent = [request.json["message"] for request, _ in httpserver.log[1:]]
    tags = [message["android"]["notification"]["tag"] for message in sent]
    assert tags == [message["apns"]["headers"]["apns-collapse-id"] for message in sent]
    assert tags[0] == tags[1]
    assert len(set(tags)) == 3


@pytest.mark.parametrize(("left", "lasts"), [(3_600, 3_600), (900_000, 86_400)])
def test_nothing_rings_after_the_message_has_ended_or_a_day_later(httpserver, sender, left, lasts):
    grant(httpserver)
    httpserver.expect_request(SEND).respond_with_json({"name": "1"})
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC), tick=False):
        sender.send(replace(NOTICE, seconds=left), None)
        until = int(time.time()) + lasts
    message = httpserver.log[1][0].json["message"]
    assert message["android"]["ttl"] == f"{lasts}s"
    assert message["apns"]["headers"]["apns-expiration"] == str(until)


@pytest.mark.parametrize(("status", "kind"), [(500, Unavailable), (429, Unavailable), (403, Invalid), (400, Invalid)])
def test_what_may_succeed_later_is_told_from_what_will_not(httpserver, sender, status, kind):
    grant(httpserver)
    httpserver.expect_request(SEND).respond_with_json({}, status=status)
    with pytest.raises(kind):
        sender.send(NOTICE, None)


def test_an_account_that_is_not_accepted_is_a_clear_problem(httpserver, sender):
    httpserver.expect_request("/token").respond_with_json({"error": "invalid_grant"}, status=400)
    with pytest.raises(Invalid, match="service account"):
        sender.send(NOTICE, None)


def test_a_key_file_that_is_none_is_refused_at_once(tmp_path):
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(Invalid, match="download it anew"):
        FirebaseSender(tmp_path / "a.json")
