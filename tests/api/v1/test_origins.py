"""Everyone may read what is public, from pages of other origins too."""

from __future__ import annotations

import pytest

from tests.editors import Editor

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.mark.parametrize("path", ["/teststadt", "/teststadt/de/pages", "/gibtesnicht", "/teststadt/de/gibtesnicht"])
def test_every_answer_may_be_read_from_everywhere(client, city, path):
    for _ in range(2):  # built, then from memory
        answer = client.get(f"/api/v1/tenants{path}")
        assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
        shown = answer.headers["Access-Control-Expose-Headers"].split(", ")
        assert {"ETag", "Retry-After", "RateLimit-Remaining", "RateLimit-Reset"} <= set(shown)


def test_a_browser_may_ask_beforehand(client, city):
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/api/v1/tenants/teststadt/de/pages", headers=asked)
    assert answer.status_code == 204
    assert "content-type" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_program_on_another_site_may_edit_with_a_token_it_holds(client, city, method):
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": method}
    answer = client.options("/api/v1/manage/teststadt/pages", headers=asked)
    assert method in answer.headers["Access-Control-Allow-Methods"].split(", ")
    allowed = set(answer.headers["Access-Control-Allow-Headers"].split(", "))
    assert {"authorization", "content-type", "if-match", "idempotency-key"} <= allowed


def test_no_other_site_edits_with_the_cookies_of_whoever_is_logged_in(client, city):
    amal = Editor(client, city)
    client.set_cookie("access_token_cookie", amal.headers["Authorization"].removeprefix("Bearer "), path="/")
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    before = client.options("/api/v1/manage/teststadt/pages", headers=asked)
    answer = client.get("/api/v1/manage/teststadt/pages", headers={"Origin": "https://app.example"})
    assert answer.status_code == 401
    for one in (before, answer):
        assert "Access-Control-Allow-Credentials" not in one.headers
    assert amal.get("/pages").status_code == 200
