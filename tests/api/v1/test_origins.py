"""Everyone may read what is public, from pages of other origins too."""

from __future__ import annotations

import pytest

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
