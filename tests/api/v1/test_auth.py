"""Logging in, going on with a login and logging out, over HTTP."""

from __future__ import annotations

import pytest
import time_machine

from cityinfo.kernel import clock
from cityinfo.web.identity import ACCESS_LASTS
from tests.factories_people import PASSWORD, give, person

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def amal(city, database):
    account_id = person(database, "Amal", password=True)
    give(city, account_id, "author", languages=["de"])
    return account_id


def log_in(client, *, email="amal@example.org", password=PASSWORD):
    return client.post("/api/v1/auth/login", json={"email": email, "password": password})


def me(client, tokens):
    return client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})


def renew(client, tokens):
    return client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})


def test_a_login_tells_who_one_is_and_what_one_may_do_where(client, amal):
    answer = log_in(client, email=" Amal@Example.org ")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    said = me(client, answer.json).json
    assert (said["name"], said["staff"]) == ("Amal", False)
    assert [(one["slug"], one["roles"][0]["role"]) for one in said["cities"]] == [("teststadt", "author")]


@pytest.mark.parametrize(
    ("email", "password"), [("amal@example.org", "another password"), ("nobody@example.org", PASSWORD)]
)
def test_nobody_learns_whether_the_address_or_the_password_was_wrong(client, amal, email, password):
    answer = log_in(client, email=email, password=password)
    assert (answer.status_code, answer.json["code"]) == (401, "login.wrong")


def test_an_access_token_lasts_a_quarter_of_an_hour_and_is_renewed(client, amal):
    tokens = log_in(client).json
    with time_machine.travel(clock.now() + ACCESS_LASTS, tick=False):
        answer = me(client, tokens)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert me(client, renew(client, tokens).json).status_code == 200


def test_a_refresh_token_that_is_used_twice_ends_the_login_for_everyone(client, amal):
    first = log_in(client).json
    second = renew(client, first).json
    assert renew(client, first).status_code == 401
    assert renew(client, second).status_code == 401
    assert me(client, second).status_code == 401
    assert me(client, log_in(client).json).status_code == 200


def test_logging_out_ends_every_token_of_the_login_at_once(client, amal):
    tokens, elsewhere = log_in(client).json, log_in(client).json
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert client.post("/api/v1/auth/logout", headers=headers).status_code == 204
    assert me(client, tokens).status_code == 401
    assert renew(client, tokens).status_code == 401
    assert me(client, elsewhere).status_code == 200


@pytest.mark.parametrize("token", ["", "nonsense", "e30.e30.e30"])
def test_what_is_no_token_of_ours_proves_nothing(client, amal, token):
    answer = client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.content_type) == (401, "application/problem+json")


def test_one_kind_of_token_is_worth_nothing_as_the_other(client, amal):
    tokens = log_in(client).json
    swapped = {"access_token": tokens["refresh_token"], "refresh_token": tokens["access_token"]}
    assert me(client, swapped).status_code == 401
    assert renew(client, swapped).status_code == 401
