"""A manager says what the city is and what it offers."""

from __future__ import annotations

import re

import pytest

from cityinfo.features import tenants
from tests.cms.conftest import text_of


def facts(city):
    with city.read() as db:
        return tenants.facts_of(db)


def opened(someone, path="/settings"):
    """The fields of a form that no test is about."""
    seen = re.search(r'name="seen" value="([^"]+)"', text_of(someone.get(path)))
    return {"seen": seen[1], "name": "Teststadt", "time_zone": "Europe/Berlin"}


def test_new_facts_are_saved_and_shown(city, people):
    mara = people("manager")
    sent = {**opened(mara), "name": "Neustadt", "latitude": "50,5", "longitude": "9.7", "postal_codes": "36037, 36039"}
    assert mara.post("/settings", sent).status_code == 303
    now = facts(city)
    assert (now.name, now.latitude, now.longitude, now.postal_codes) == ("Neustadt", 50.5, 9.7, ["36037", "36039"])
    assert 'value="Neustadt"' in text_of(mara.get("/settings"))


def test_a_map_follows_its_new_centre(city, people):
    mara = people("manager")
    mara.post("/settings", {**opened(mara), "latitude": "50.5", "longitude": "9.7"})
    (west, south), (east, north) = facts(city).bounding_box
    assert west < 9.7 < east
    assert south < 50.5 < north


@pytest.mark.parametrize(
    ("field", "words"), [("time_zone", "Europe"), ("postal_codes", "360"), ("latitude", "north"), ("official_key", "1")]
)
def test_what_cannot_be_used_is_named_and_what_was_typed_stays(city, people, field, words):
    mara, before = people("manager"), facts(city)
    refused = mara.post("/settings", {**opened(mara), "name": "Neustadt", field: words})
    assert refused.status_code == 422
    assert 'role="alert"' in text_of(refused)
    assert 'value="Neustadt"' in text_of(refused)
    assert f'value="{words}"' in text_of(refused)
    assert facts(city) == before


@pytest.mark.parametrize("path", ["/settings", "/settings/features"])
def test_what_a_colleague_changed_meanwhile_is_not_undone_unseen(city, people, path):
    mara = people("manager")
    late = opened(mara, path)
    mara.post("/settings", {**opened(mara), "name": "Neustadt"})
    answer = mara.post(path, late)
    assert answer.status_code == 409
    assert "Jemand anderes hat das inzwischen geändert" in text_of(answer).replace("jemand", "Jemand")
    assert facts(city).name == "Neustadt"


def test_exactly_what_is_ticked_is_offered(city, people):
    mara, path = people("manager"), "/settings/features"
    mara.post(path, {**opened(mara, path), "feature": ["events", "fallback"]})
    assert {name for name, on in facts(city).features.items() if on} == {"events", "fallback"}
    assert text_of(mara.get(path)).count(" checked") == 2


def test_nobody_offers_what_there_is_not(city, people):
    mara, path, before = people("manager"), "/settings/features", facts(city)
    assert mara.post(path, {**opened(mara, path), "feature": "teleport"}).status_code == 422
    assert facts(city) == before


def test_only_managers_are_led_there(people):
    assert "/settings" in text_of(people("manager").get("/pages"))
    assert "/settings" not in text_of(people("editor").get("/pages"))
