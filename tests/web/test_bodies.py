"""Answers are built once, exact, small on the wire, and still there when the database is not."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace

import orjson
import pytest
from backports import zstd

from cityinfo.app import create_app
from cityinfo.features import tenants
from cityinfo.settings import Settings
from cityinfo.web import heads
from cityinfo.web.store import accepted_encodings, disk_store
from tests.conftest import open_database, register_languages
from tests.factories import EDITOR, make_city, plant, save
from tests.postgres import EmbeddedServer, prepare

PAGES = "/api/v3/teststadt/de/pages/"
LONG = "<p>" + "Ein langer Satz über das Wohnen in der Stadt. " * 2_000 + "</p>"


def titles(answer):
    return [page["title"] for page in answer.get_json()]


@pytest.fixture
def counted(city, client, monkeypatch):
    """Counts how often an answer is built."""
    from cityinfo.features import publishing

    built = []
    real = publishing.payloads
    monkeypatch.setattr(publishing, "payloads", lambda *args: built.append(args[1:]) or real(*args))
    return lambda: len([one for one in built if one == ("de", "page")])


def test_an_answer_is_built_once_until_something_is_published(city, client, counted):
    page = plant(city, "Wohnen")
    for _ in range(3):
        assert titles(client.get(PAGES)) == ["Wohnen"]
    assert counted() == 1
    save(city, page, title="Neu wohnen")
    assert titles(client.get(PAGES)) == ["Neu wohnen"]
    assert counted() == 2


def test_parameters_nobody_knows_do_not_make_another_answer(city, client, counted):
    plant(city, "Wohnen")
    for noise in range(5):
        client.get(f"{PAGES}?noise={noise}")
    assert counted() == 1


def test_another_citys_editing_leaves_the_answer_alone(city, other_city, client, counted):
    plant(city, "Wohnen")
    client.get(PAGES)
    plant(other_city, "Anderswo")
    client.get(PAGES)
    assert counted() == 1


def test_a_reader_who_has_the_answer_is_told_so_in_a_few_bytes(city, client):
    plant(city, "Wohnen")
    etag = client.get(PAGES).headers["ETag"]
    for _ in range(2):
        answer = client.get(PAGES, headers={"If-None-Match": etag})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == etag
    assert client.get(PAGES, headers={"If-None-Match": f'"other", W/{etag}'}).status_code == 304
    assert client.get(PAGES, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_says_what_get_would_say_without_the_body(city, client):
    plant(city, "Wohnen")
    for _ in range(2):
        got, asked = client.get(PAGES), client.head(PAGES)
        assert (asked.status_code, asked.data) == (200, b"")
        assert of_the_answer(asked) == of_the_answer(got)


def of_the_answer(response):
    """Headers without those that say something of the request or of who sent it."""
    return {name: value for name, value in response.headers if name != "X-Request-ID" and "RateLimit" not in name}


@pytest.mark.parametrize(
    ("wanted", "decode"), [("gzip", gzip.decompress), ("zstd, gzip", zstd.decompress), ("identity", bytes), ("", bytes)]
)
def test_every_encoding_holds_the_same_words(city, client, wanted, decode):
    plant(city, "Wohnen", content=LONG)
    for _ in range(2):
        answer = client.get(PAGES, headers={"Accept-Encoding": wanted})
        assert orjson.loads(decode(answer.data))[0]["content"] == LONG
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_each_encoding_has_an_etag_of_its_own(city, client):
    plant(city, "Wohnen", content=LONG)
    etags = {client.get(PAGES, headers={"Accept-Encoding": one}).headers["ETag"] for one in ("gzip", "zstd", "")}
    assert len(etags) == 3


def test_the_worker_replaces_a_hasty_encoding_by_a_better_one(city, client, settings, monkeypatch):
    plant(city, "Wohnen", content="".join(f"<p>Satz {number * 7919 % 10007}</p>" for number in range(9_000)))
    hasty = client.get(PAGES, headers={"Accept-Encoding": "br, gzip"})
    assert disk_store(settings).squeeze() == 1
    monkeypatch.setattr("cityinfo.web.store.LOOK_AGAIN", 0)
    better = client.get(PAGES, headers={"Accept-Encoding": "br, gzip"})
    assert (hasty.headers["Content-Encoding"], better.headers["Content-Encoding"]) == ("gzip", "br")
    assert len(better.data) < len(hasty.data)


def test_the_folder_of_answers_stays_below_its_limit(city, client, settings):
    for number in range(5):
        page = plant(city, f"Seite {number}", content=LONG)
        client.get(f"/api/v3/teststadt/de/children/?url=/teststadt/de/seite-{number}")
    small = disk_store(replace(settings, body_cache_mb=0))
    assert page
    assert small.trim() == 5
    assert titles(client.get(PAGES))


def test_answers_survive_a_restart_on_disk(city, client, settings, database, counted):
    plant(city, "Wohnen")
    client.get(PAGES)
    again = create_app(settings, database=database).test_client()
    assert titles(again.get(PAGES)) == ["Wohnen"]
    assert counted() == 1


def test_a_language_that_was_switched_off_is_gone_at_once(city, client):
    plant(city, "Wohnen")
    assert client.get("/api/v3/teststadt/ar/pages/").status_code == 200
    with city.write() as db:
        choices = [tenants.LanguageChoice(slug="de"), tenants.LanguageChoice(slug="en", source="de")]
        tenants.set_languages(db, choices, actor=EDITOR)
    assert client.get("/api/v3/teststadt/ar/pages/").status_code == 404
    assert client.get(PAGES).status_code == 200


def test_an_archived_city_is_gone_at_once(city, client):
    plant(city, "Wohnen")
    assert client.get(PAGES).status_code == 200
    with city.write() as db:
        tenants.set_status(db, tenants.ARCHIVED, actor=EDITOR)
    assert client.get(PAGES).status_code == 404


def test_a_moment_is_all_that_a_reader_waits_for_a_publication(city, settings, database):
    patient = create_app(replace(settings, head_ttl=0.05), database=database).test_client()
    page = plant(city, "Alt")
    assert titles(patient.get(PAGES)) == ["Alt"]
    save(city, page, title="Neu")
    published = time.monotonic()
    while titles(patient.get(PAGES)) != ["Neu"]:
        assert time.monotonic() - published < 0.1


@pytest.mark.parametrize(
    ("header", "encodings"),
    [
        ("", ("identity",)),
        ("gzip, deflate, br, zstd", ("br", "zstd", "gzip", "identity")),
        ("gzip;q=0, zstd", ("zstd", "identity")),
        ("*", ("br", "zstd", "gzip", "identity")),
        ("gzip;q=rubbish", ("identity",)),
    ],
)
def test_what_a_client_accepts_is_read_from_its_header(header, encodings):
    assert accepted_encodings(header) == encodings


@pytest.mark.postgres
@pytest.mark.slow
def test_readers_go_on_reading_while_the_database_is_down(tmp_path, monkeypatch):
    monkeypatch.setattr(heads, "ONE_TRY_IN", 0.2)
    with EmbeddedServer() as server:
        prepared = prepare(server.url, "outage")
        settings = Settings(
            data_dir=tmp_path, database_url=prepared.app_url, platform_role=prepared.roles.platform, head_ttl=0
        )
        database = open_database(settings)
        register_languages(database)
        page = plant(make_city(database, "teststadt"), "Wohnen")
        client, restarted = (create_app(settings, database=database).test_client() for _ in range(2))
        assert titles(client.get(PAGES)) == ["Wohnen"]

        server.stop()
        for reader in (client, restarted):  # from memory, and from disk
            answer = reader.get(PAGES)
            assert titles(answer) == ["Wohnen"]
            assert answer.headers["Cache-Status"] == "cityinfo; hit; detail=stale"
        unknown = client.get("/api/v3/teststadt/en/pages/")
        assert unknown.status_code == 503
        assert int(unknown.headers["Retry-After"]) > 0
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200

        server.start()
        time.sleep(0.3)
        from tests.factories import City

        with database.unit_of_work(_tenant_id(database)) as db:
            city = City("teststadt", db.tenant_id, database)
        save(city, page, title="Wieder da")
        answer = client.get(PAGES)
        assert titles(answer) == ["Wieder da"]
        assert "Cache-Status" not in answer.headers
        database.dispose()


def _tenant_id(database):
    from cityinfo.kernel.db import NO_TENANT

    with database.unit_of_work(NO_TENANT) as db:
        return tenants.find(db, "teststadt").id


def test_languages_stay_known_after_an_answer_that_failed(client, city):
    layer = client.application.extensions["bodies"]

    def fail(db):
        layer.registry(db)
        raise LookupError

    with pytest.raises(LookupError), city.read() as db:
        fail(db)
    with city.read() as db:
        assert layer.registry(db)["de"].native_name == "Deutsch"


def test_what_is_kept_about_a_city_goes_with_it(client, settings, database, city, other_city):
    for one in (city, other_city):
        plant(one, "Wohnen", content=LONG)
        client.get(f"/api/v3/{one.slug}/de/pages/", headers={"Accept-Encoding": "gzip"})
    client.get("/api/v3/regions/")
    assert disk_store(settings).keep_only({other_city.slug}) == 1
    kept = {file.parts[-4] for file in (settings.data_dir / "bodies").rglob("*.*")}
    assert kept == {"of-", "of-nachbarstadt"}
