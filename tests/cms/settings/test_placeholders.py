"""Facts that texts ask of a city, as its managers say them."""

from __future__ import annotations

import orjson
import pytest

from cityinfo.features import placeholders, publishing
from tests.cms.conftest import text_of
from tests.factories import ask_for_facts, plant

HERE = "/settings/placeholders"
PHONE, NAME, OTHER = "youth_office.phone", "youth_office.name-de", "youth_office.name-en"


@pytest.fixture
def manager(people, city):
    ask_for_facts(city)
    return people("manager")


def seen(manager):
    return text_of(manager.get(HERE)).partition('name="seen" value="')[2].partition('"')[0]


def save(manager, **fields):
    return manager.post(HERE, {"seen": seen(manager), **fields})


def said(city):
    with city.read() as db:
        return placeholders.values(db)


def test_what_is_said_once_stands_in_every_text_that_names_it(city, manager):
    plant(city, "Hilfe", content="<p>{{ facts.youth_office.phone }}</p>")
    assert "named in one place" in text_of(manager.get(HERE)) or "an einer Stelle" in text_of(manager.get(HERE))
    assert save(manager, **{PHONE: "030 23125000", NAME: " Jugendamt "}).status_code == 303
    assert said(city) == {("youth_office.phone", ""): "+49 30 23125000", ("youth_office.name", "de"): "Jugendamt"}
    with city.read() as db:
        (body,) = map(orjson.loads, publishing.payloads(db, "de", "page"))
    assert "+49 30 23125000" in body["content"]
    again = text_of(manager.get(HERE))
    assert 'value="+49 30 23125000"' in again


def test_what_cannot_be_kept_comes_back_as_it_was_typed_and_keeps_nothing(city, manager):
    refused = save(manager, **{PHONE: "anrufen!", NAME: "Jugendamt"})
    assert refused.status_code == 422
    assert 'value="anrufen!"' in text_of(refused)
    assert 'value="Jugendamt"' in text_of(refused)
    assert 'aria-invalid="true"' in text_of(refused)
    assert said(city) == {}


def test_whoever_was_overtaken_loses_no_word(city, manager):
    before = seen(manager)
    save(manager, **{NAME: "Amt"})
    late = manager.post(HERE, {"seen": before, PHONE: "112", OTHER: "Office"})
    assert late.status_code == 409
    assert 'value="112"' in text_of(late)
    assert 'value="Office"' in text_of(late)
    assert said(city) == {("youth_office.name", "de"): "Amt"}


def test_the_first_screen_says_what_is_missing_until_it_is_said(manager):
    assert HERE in text_of(manager.get("/")).partition("<main")[2]
    save(manager, **{PHONE: "112"})
    assert HERE not in text_of(manager.get("/")).partition("<main")[2]


def test_where_no_text_asks_for_anything_the_screen_says_so(people):
    assert 'name="seen"' not in text_of(people("manager").get(HERE))
