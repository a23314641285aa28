"""Readers get bytes that never change under their address, in a way that harms nobody."""

from __future__ import annotations

import pytest

from cityinfo.adapters.folder import FolderStore
from cityinfo.app import create_app
from cityinfo.features import media
from cityinfo.kernel.errors import Unavailable
from tests.factories import plant
from tests.factories_media import DOCUMENT, DRAWING, library_of, put, work

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def address_of(city, media_id):
    with city.read() as db:
        return media.address(media.find(db, media_id).key)


@pytest.fixture
def address(city, library):
    return address_of(city, put(library, city, de="Das Rathaus"))


def test_a_picture_is_sent_once_and_for_good(client, address, library):
    answer = client.get(address)
    assert answer.data == library.store.get(address.removeprefix("/media/"))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == answer.headers["ETag"]


def test_head_says_the_same_without_bytes(client, address):
    head, answer = client.head(address), client.get(address)
    assert head.data == b""
    assert {**head.headers, "X-Request-ID": ""} == {**answer.headers, "X-Request-ID": ""}


@pytest.mark.parametrize(
    ("wanted", "start", "end"), [("bytes=0-9", 0, 10), ("bytes=10-", 10, None), ("bytes=-5", -5, None)]
)
def test_a_part_is_sent_when_a_part_is_asked_for(client, address, wanted, start, end):
    whole = client.get(address).data
    part = client.get(address, headers={"Range": wanted})
    assert part.status_code == 206
    assert part.data == whole[start:end]
    first = start % len(whole)
    assert part.headers["Content-Range"] == f"bytes {first}-{first + len(part.data) - 1}/{len(whole)}"


def test_a_part_that_is_not_there_or_of_another_file_is_not_sent(client, address):
    whole = client.get(address)
    beyond = client.get(address, headers={"Range": "bytes=99999999-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole.data)}")
    for condition in ('"other"', "Mon, 23 Nov 2026 10:00:00 GMT"):
        answer = client.get(address, headers={"Range": "bytes=0-9", "If-Range": condition})
        assert (answer.status_code, answer.data) == (200, whole.data)
    same = client.get(address, headers={"Range": "bytes=0-9", "If-Range": whole.headers["ETag"]})
    assert same.status_code == 206
    several = client.get(address, headers={"Range": "bytes=0-1,5-6"})
    assert (several.status_code, several.data) == (200, whole.data)


def test_a_drawing_and_a_document_may_do_nothing_when_opened_by_themselves(client, city, library):
    drawing = client.get(address_of(city, put(library, city, DRAWING, name="logo.svg")))
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    assert drawing.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert drawing.headers["Content-Security-Policy"].endswith("sandbox")
    document = client.get(address_of(city, put(library, city, DOCUMENT, name="antrag.pdf")))
    assert document.headers["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in document.headers["Content-Security-Policy"]


def test_nothing_else_can_be_reached(client, address):
    digest = "0123456789abcdef0123456789abcdef"
    for path in (
        "",
        "1/abc.jpg",
        "../cityinfo.sqlite3",
        "1/../../cityinfo.sqlite3",
        "%2e%2e/cityinfo.sqlite3",
        "1/%2e%2e%2f%2e%2e%2fcityinfo.sqlite3",
        "..%5c..%5csecret_key",
        "/etc/passwd",
        "//etc/passwd",
        f"1/{digest}.jpg",
        f"1/{digest}.html",
        f"1/{digest}.jpg%00.png",
        f"1/{digest}-320.webp",
    ):
        answer = client.get(f"/media/{path}")
        assert answer.status_code in (404, 308), path
        assert b"SQLite" not in answer.data


def test_copies_are_served_as_documents_name_them(client, city, library):
    uploaded = put(library, city, de="Das Rathaus")
    work(library, city)
    plant(city, "Rathaus", content=f'<img src="media:{uploaded}">')
    page = client.get("/api/v1/tenants/teststadt/de/pages").get_json()["items"][0]
    source = page["content"].split('src="')[1].split('"')[0]
    assert source.startswith("http://")
    with city.read() as db:
        copies = media.find(db, uploaded).renditions["items"]
    for one in copies:
        answer = client.get(media.address(one["key"]))
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, one["type"])
    assert client.get(source.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_the_service_is_not_ready_while_nothing_can_be_kept(settings, database, monkeypatch):
    client = create_app(settings, database=database).test_client()
    assert client.get("/readyz").get_json()["checks"]["storage"] == "ok"

    def refuse(_):
        raise Unavailable("media.store", "Nothing can be kept.")

    monkeypatch.setattr(FolderStore, "check", refuse)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["checks"]["storage"]) == (503, "media.store")


def test_a_store_that_is_away_says_so(client, address, monkeypatch):
    def refuse(*_):
        raise Unavailable("media.store", "The store does not answer; try again in a moment.")

    monkeypatch.setattr(FolderStore, "size", refuse)
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert answer.headers["Retry-After"]
