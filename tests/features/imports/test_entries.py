"""Entries of every type from files beside a tenant's pages."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import func, select

from cityinfo import registry
from cityinfo.cli.demo import FOLDER
from cityinfo.features import content, imports, publishing, tenants
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Invalid
from tests.factories import City, make_city
from tests.factories_media import library_of

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
FILE = "organizations.toml"
TWO = """
[[entry]]
key = "whole"
de = { title = "Verband" }

[[entry]]
key = "part"
part_of = "whole"
website = "https://amt.example"
de = { title = "Amt", content = "<p>Hier.</p>" }
en = { title = "Office" }
"""


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def titles(city, language):
    with city.read() as db:
        return sorted(one["title"] for one in map(orjson.loads, publishing.payloads(db, language, "organization")))


def test_entries_come_with_their_words_and_relations_and_a_second_time_nothing_changes(database, library, city, folder):
    (folder / FILE).write_text(TWO)
    assert imports.import_entries(library, "teststadt", folder) == 2
    assert (titles(city, "de"), titles(city, "en")) == (["Amt", "Verband"], ["Office"])
    with city.read() as db:
        seq = db.scalar(select(func.max(publishing.Published.seq)))
        part = content.entry_at(db, "organization", "de", "amt")
        assert content.related(db, [part], "part_of") == {part: [content.entry_at(db, "organization", "de", "verband")]}
        assert content.states(db, [part])[part, "en"] == content.State.UP_TO_DATE
    assert imports.import_entries(library, "teststadt", folder) == 0
    with city.read() as db:
        assert db.scalar(select(func.max(publishing.Published.seq))) == seq


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TWO.replace('"whole"\nde', '"other"\nde'), "“part”: there is no organization “whole” before this one"),
        (TWO.replace("de =", "xx ="), "has no words in any language of the city"),
        (TWO.replace("https://amt.example", "amt"), "is no web address"),
        ("[[entry", "organizations.toml"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_changes_nothing(database, library, city, folder, text, words):
    (folder / FILE).write_text(text)
    with pytest.raises(Invalid, match=words):
        imports.import_entries(library, "teststadt", folder)
    assert titles(city, "de") == []


def test_the_demo_city_has_something_of_every_kind_in_three_languages(database, library):
    imports.import_archive(database, imports.read_folder(FOLDER))
    imports.import_entries(library, "musterstadt", FOLDER)
    with database.unit_of_work(NO_TENANT) as db:
        tenant = tenants.find(db, "musterstadt")
    with City("musterstadt", tenant.id, database).read() as db:
        for kind in (one.kind for one in registry.CONTENT_TYPES if one.kind not in ("media", "occurrence")):
            for language in ("de", "en", "ar"):
                assert publishing.payloads(db, language, kind), (kind, language)
        assert not list(registry.PROJECTOR.verify(db))


def test_every_screen_of_the_demo_city_has_something_to_show(database, library, client):
    for _ in range(2):  # texts show contacts that come after them
        imports.import_archive(database, imports.read_folder(FOLDER))
        imports.import_entries(library, "musterstadt", FOLDER)
    assert imports.import_archive(database, imports.read_folder(FOLDER)).nothing_changed
    assert imports.import_entries(library, "musterstadt", FOLDER) == 0
    for language in ("de", "en", "ar"):
        here = f"/api/v3/musterstadt/{language}"
        pages = client.get(f"{here}/pages/").json
        assert any(str(one["thumbnail"]).startswith("http") for one in pages)
        assert any(one["organization"] for one in pages)
        assert any(one["embedded_offers"] for one in pages)
        assert any("contact-card" in one["content"] for one in pages)
        places, dates = client.get(f"{here}/locations/").json, client.get(f"{here}/events/").json
        assert any(one["thumbnail"] for one in places)
        assert {True, False} == {bool(one["temporarily_closed"]) for one in places}
        assert any(day["appointmentOnly"] for one in places for day in one["opening_hours"] or [])
        assert any(one["contacts"] for one in places)
        assert any(one["thumbnail"] for one in dates)
        assert any(one["meeting_url"] for one in dates)
        assert client.get(f"{here}/offers/").json
        assert client.get(f"{here}/imprint/").json["content"]
    sources = {one["source"] for one in client.get("/api/v3/musterstadt/de/news/").json}
    assert sources == {"local", "tunews", "amalnews"}


def test_a_city_that_is_not_there_gets_nothing(database, library, folder):
    make_city(database, "anderswo")
    with pytest.raises(Exception, match="no city"):
        imports.import_entries(library, "nirgends", folder)
