"""Machines that work in a city, as managers let them in and out."""

from __future__ import annotations

import re
from datetime import timedelta

from cityinfo.cms.tokens import views
from cityinfo.features import tokens
from cityinfo.kernel import clock
from tests.cms.conftest import text_of

IN_A_MONTH, IN_TEN_YEARS = (f"{clock.now() + timedelta(days=days):%Y-%m-%dT%H:%M}" for days in (30, 3650))
CALENDAR = {"name": "Kalender", "reach": "write", "kinds": "event", "expires_at": IN_A_MONTH, "per_minute": "60"}


def made(city):
    with city.read() as db:
        return [(one.name, set(one.scopes), one.revoked_at) for one in tokens.tokens(db)]


def secret_of(answer):
    return re.search(r'value="(ci_[^"]+)"', text_of(answer))[1]


def test_a_token_is_made_and_its_secret_shown_only_once(city, people):
    manager = people("manager")
    answer = manager.post("/tokens", CALENDAR)
    secret = secret_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert secret not in text_of(manager.get("/tokens"))
    headers = {"Authorization": f"Bearer {secret}"}
    assert manager.client.get(f"/api/v1/manage/{city.slug}/events", headers=headers).status_code == 200
    assert manager.client.get(f"/api/v1/manage/{city.slug}/pages", headers=headers).status_code == 403


def test_a_token_may_do_what_was_chosen_and_no_more(city, people):
    people("manager").post("/tokens", {**CALENDAR, "reach": "read"})
    ((_, scopes, _),) = made(city)
    assert scopes == {"event:read", "settings:read", "languages:read"}


def test_what_was_typed_stays_when_it_is_refused(city, people):
    refused = people("manager").post("/tokens", {**CALENDAR, "expires_at": IN_TEN_YEARS})
    assert refused.status_code == 422
    assert 'value="Kalender"' in text_of(refused)
    assert "400 Tagen" in text_of(refused)
    assert made(city) == []


def test_without_content_there_is_no_token(city, people):
    refused = people("manager").post("/tokens", {name: CALENDAR[name] for name in CALENDAR if name != "kinds"})
    assert "mindestens eine Art" in text_of(refused)
    assert made(city) == []


def test_a_revoked_token_opens_nothing(city, people):
    manager = people("manager")
    secret = secret_of(manager.post("/tokens", CALENDAR))
    with city.read() as db:
        (token,) = tokens.tokens(db)
    manager.post(f"/tokens/{token.id}/revoke")
    headers = {"Authorization": f"Bearer {secret}"}
    assert manager.client.get(f"/api/v1/manage/{city.slug}/events", headers=headers).status_code == 401
    assert "widerrufen" in text_of(manager.get("/tokens"))


def test_many_tokens_come_in_sheets(people, monkeypatch):
    monkeypatch.setattr(views, "ON_A_SHEET", 1)
    manager = people("manager")
    for name in ("Alt", "Neu"):
        manager.post("/tokens", {**CALENDAR, "name": name})
    assert ">Alt<" not in text_of(manager.get("/tokens"))
    assert ">Alt<" in text_of(manager.get("/tokens?from=1"))


def test_editors_do_not_see_tokens(people):
    assert people("editor").get("/tokens").status_code == 403
