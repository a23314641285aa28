"""What operators see: logs with the request's identity and city, health, numbers - and no words of readers."""

from __future__ import annotations

import io
import logging
from dataclasses import replace

import orjson
import pytest

from cityinfo.app import create_app
from cityinfo.settings import PRODUCTION
from tests.factories import plant

PAGES = "/api/v3/teststadt/de/pages/"


@pytest.fixture
def lines(settings, database, city):
    """A reader of a production service, and the log lines that come of it."""
    production = replace(settings, env=PRODUCTION, secret_key="only for tests", access_log=True)
    client = create_app(production, database=database).test_client()
    written = io.StringIO()
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(written)
    return client, lambda: [orjson.loads(line) for line in written.getvalue().splitlines() if line.startswith("{")]


def test_every_request_leaves_one_line_cached_or_not(lines, city):
    client, read = lines
    plant(city, "Wohnen")
    for _ in range(2):
        client.get(PAGES)
    seen = [line for line in read() if line.get("path") == PAGES]
    assert [line["source"] for line in seen] == ["built", "memory"]
    assert all(line["status"] == 200 for line in seen)


def test_a_line_names_the_request_and_the_city_but_not_what_was_asked(lines, city):
    client, read = lines
    answer = client.get("/api/v1/tenants/teststadt/de/pages/by-path/x?q=krank", headers={"X-Request-ID": "abc-1"})
    assert answer.headers["X-Request-ID"] == "abc-1"
    line = read()[-1]
    assert (line["request_id"], line["tenant"]) == ("abc-1", "teststadt")
    assert "krank" not in str(read())


@pytest.mark.parametrize("given", ["a" * 65, "a b", "\x1b[2J", "ä", '"}', ""])
def test_an_identity_that_could_forge_a_line_is_replaced(lines, city, given):
    client, read = lines
    answer = client.get("/api/v1/tenants", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] != given
    assert read()[-1]["request_id"] == answer.headers["X-Request-ID"]


def test_an_address_cannot_write_lines_of_its_own(lines, city):
    client, read = lines
    client.get('/api/v1/x%0a{"event":"forged"}%1b[2J')
    assert [line["event"] for line in read()] == ["request"]


def test_no_secret_reaches_the_log_whatever_becomes_of_the_request(lines, city):
    client, read = lines
    secret = "geheim-4711"
    headers = {"Authorization": f"Bearer {secret}", "Cookie": f"session={secret}"}
    client.post("/api/v1/auth/login", json={"email": f"{secret}@example.org", "password": secret})
    client.post("/api/v1/auth/refresh", json={"refresh_token": secret}, headers=headers)
    client.get(f"/api/v1/manage/{city.slug}/pages?q={secret}", headers=headers)
    client.post(f"/cms/login?next={secret}", data={"email": secret, "password": secret}, headers=headers)
    logging.getLogger("cityinfo").error("failed", extra={"password": secret, "sent": {"api_key": secret}})
    assert len(read()) >= 5
    assert secret not in str(read())


def test_a_service_that_can_serve_says_so(client, city):
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert set(ready.get_json()["checks"].values()) == {"ok"}


def test_a_service_behind_its_migrations_is_not_ready(client, monkeypatch):
    monkeypatch.setattr("cityinfo.schema.newest_revision", lambda: "of tomorrow")
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["checks"]["migrations"] != "ok"


def test_a_service_that_cannot_write_its_files_is_not_ready(client, settings, monkeypatch):
    monkeypatch.setattr("tempfile.TemporaryFile", _refuse)
    assert client.get("/readyz").get_json()["checks"]["storage"] != "ok"


def test_numbers_are_served_only_where_they_were_asked_for(client, city):
    assert client.get("/metrics").status_code == 404


def _refuse(**_):
    raise PermissionError("read-only")
