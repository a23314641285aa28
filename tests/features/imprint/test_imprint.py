"""The imprint: one for every city, in every language."""

from __future__ import annotations

import orjson
import pytest

from cityinfo import registry
from cityinfo.features import imprint, publishing
from tests.factories import EDITOR
from tests.factories_entries import revision_of
from tests.factories_offers import publish_imprint

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def document(city, language="de"):
    with city.read() as db:
        rows = publishing.payloads(db, language, imprint.KIND)
    return orjson.loads(rows[0]) if rows else None


def test_the_imprint_stands_in_every_language_under_one_address(city):
    publish_imprint(city)
    assert [document(city, language)["slug"] for language in ("de", "en", "ar")] == ["imprint"] * 3
    assert (document(city, "ar")["title"], document(city, "ar")["delivered_language"]) == ("Impressum", "de")
    publish_imprint(city, "Legal notice", language="en")
    assert document(city, "en")["title"] == "Legal notice"
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
def test_a_city_has_only_one(city):
    assert publish_imprint(city) == publish_imprint(city, "Anbieterkennzeichnung")


@on_one_database
def test_whether_a_city_has_one_is_known_before_it_goes_live(city):
    with city.read() as db:
        assert not imprint.is_public(db)
    publish_imprint(city, language="en")
    with city.read() as db:
        assert not imprint.is_public(db)  # nothing stands in for the language others are translated from
    publish_imprint(city)
    with city.read() as db:
        assert imprint.is_public(db)


@on_one_database
def test_an_archived_imprint_is_out_of_sight_and_comes_back(city):
    made = publish_imprint(city)
    with city.write() as db:
        imprint.archive(db, made, revision=revision_of(db, made), actor=EDITOR)
    assert document(city) is None
    with city.write() as db:
        imprint.restore(db, made, revision=revision_of(db, made), actor=EDITOR)
    assert document(city) is not None
