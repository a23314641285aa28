"""Servers elsewhere that are told what is new, as managers see them."""

from __future__ import annotations

import re

from cityinfo.features import webhooks
from tests.cms.conftest import text_of
from tests.factories import plant

PORTAL = {"address": "https://example.org/hook", "kinds": "page", "languages": "de"}


def webhook(city):
    with city.read() as db:
        (one,) = webhooks.webhooks(db)
        return one


def secret_of(answer):
    return re.search(r'value="(whsec_[^"]+)"', text_of(answer))[1]


def test_a_server_is_added_and_its_secret_shown_only_once(city, people):
    manager = people("manager")
    answer = manager.post("/webhooks", PORTAL)
    assert answer.headers["Cache-Control"] == "no-store"
    assert secret_of(answer) not in text_of(manager.get("/webhooks"))
    assert (webhook(city).kinds, webhook(city).languages) == (["page"], ["de"])


def test_what_was_typed_stays_when_it_is_refused(people):
    refused = people("manager").post("/webhooks", {**PORTAL, "address": "ftp://example.org"})
    assert refused.status_code == 422
    assert 'value="ftp://example.org"' in text_of(refused)


def test_a_new_secret_replaces_the_former_one(people, city):
    manager = people("manager")
    first = secret_of(manager.post("/webhooks", PORTAL))
    assert secret_of(manager.post(f"/webhooks/{webhook(city).id}/secret")) != first
    assert webhook(city).former_until is not None


def test_a_webhook_is_switched_off_and_on_and_removed(city, people):
    manager = people("manager")
    manager.post("/webhooks", PORTAL)
    here = f"/webhooks/{webhook(city).id}"
    manager.post(f"{here}/switch", {"active": ""})
    assert not webhook(city).active
    assert "ausgeschaltet" in text_of(manager.get("/webhooks"))
    manager.post(f"{here}/switch", {"active": "1"})
    assert webhook(city).active
    manager.post(f"{here}/remove")
    assert "https://example.org" not in text_of(manager.get("/webhooks"))


def test_a_manager_has_a_server_told_again(city, people):
    manager = people("manager")
    manager.post("/webhooks", PORTAL)
    plant(city, "Wohnung anmelden")
    here = f"/webhooks/{webhook(city).id}"
    assert "In den letzten 30 Tagen wurde nichts gemeldet." in text_of(manager.get(here))
    manager.post(f"{here}/replay", {"since": "0"})
    assert webhook(city).seq == 0
    manager.post(f"{here}/replay", {"since": "999999"})
    assert "999999" not in text_of(manager.get(here)).partition("<main")[0]
    assert webhook(city).seq == 0


def test_editors_do_not_see_webhooks(people):
    assert people("editor").get("/webhooks").status_code == 403
