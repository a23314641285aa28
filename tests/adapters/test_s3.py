"""Media on a real S3 server: the same as in a folder, and signed addresses that mean what they say."""

from __future__ import annotations

import time
from dataclasses import replace

import httpx
import pytest

from cityinfo.app import create_app, open_library, open_store
from cityinfo.features import media
from cityinfo.features.media import Upload, Words
from cityinfo.kernel.errors import Invalid, NotFound, Unavailable
from cityinfo.settings import Settings
from tests.factories import EDITOR, make_city
from tests.factories_media import kept, picture, put, work
from tests.s3 import ACCESS_KEY, BUCKET, SECRET_KEY, start_s3

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("s3")]
on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
KEY = "1/0123456789abcdef0123456789abcdef.jpg"


@pytest.fixture
def city(database):
    """One of its own for each test: the store outlives the database, and a city's files stay in it."""
    return make_city(database, "teststadt")


@pytest.fixture(scope="module")
def s3(tmp_path_factory):
    with start_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def store(s3):
    return s3.store()


@pytest.fixture
def on_s3(settings, s3):
    return replace(
        settings, s3_endpoint=s3.endpoint, s3_bucket=BUCKET, s3_access_key=ACCESS_KEY, s3_secret_key=SECRET_KEY
    )


def test_what_is_put_can_be_read_in_whole_and_in_parts_and_be_deleted(store):
    data = bytes(range(256)) * 3_000
    store.put(KEY, data, mime="image/jpeg")
    assert store.get(KEY) == data
    assert store.size(KEY) == len(data)
    assert b"".join(store.stream(KEY, 0, len(data))) == data
    assert b"".join(store.stream(KEY, 300, 10)) == data[300:310]
    store.delete(KEY)
    store.delete(KEY)
    assert store.size(KEY) is None
    with pytest.raises(NotFound):
        store.get(KEY)
    with pytest.raises(NotFound):
        list(store.stream(KEY, 0, 5))


def test_everything_below_a_city_is_listed_and_nothing_of_another(store, tmp_path):
    (tmp_path / "archiv.zip").write_bytes(b"PK" * 5_000_000)
    store.put_file("7/archive-20261129t120000.zip", tmp_path / "archiv.zip", mime="application/zip")
    for key in (f"7/{'0' * 32}.jpg", f"77/{'0' * 32}.jpg"):
        store.put(key, b"picture", mime="image/jpeg")
    assert store.size("7/archive-20261129t120000.zip") == 10_000_000
    assert sorted(store.keys("7/")) == [f"7/{'0' * 32}.jpg", "7/archive-20261129t120000.zip"]
    assert list(store.keys("7/archive-")) == ["7/archive-20261129t120000.zip"]
    for key in list(store.keys("7/")):
        store.delete(key)
    assert list(store.keys("7/")) == []


def test_a_signed_address_is_valid_until_it_expires_and_only_as_it_was_signed(store, s3):
    store.put(KEY, b"picture", mime="image/jpeg")
    store.put(KEY.replace("0", "f"), b"another", mime="image/jpeg")
    address = store.signed_address(KEY, seconds=60)
    answer = httpx.get(address)
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, b"picture", "image/jpeg")
    assert httpx.get(address.replace(KEY, KEY.replace("0", "f"))).status_code == 403
    assert httpx.get(address.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")).status_code == 403
    assert httpx.put(address, content=b"worse").status_code == 403
    assert httpx.get(f"{s3.endpoint}/{BUCKET}/{KEY}").status_code == 403
    short = store.signed_address(KEY, seconds=1)
    time.sleep(2.1)
    assert httpx.get(short).status_code == 403


def test_a_store_that_cannot_be_used_says_so(s3):
    s3.store().check()
    with pytest.raises(Unavailable, match="create it"):
        s3.store(bucket="nirgends").check()
    for wrong in (s3.store(secret_key="falsch"), replace(s3, endpoint="http://127.0.0.1:9").store()):
        with pytest.raises(Unavailable):
            wrong.check()
        with pytest.raises(Unavailable):
            wrong.put(KEY, b"x", mime="image/jpeg")


@on_one_database
def test_a_city_keeps_its_library_there(on_s3, database, city, store):
    library = open_library(on_s3, database, open_store(on_s3))
    uploaded = put(library, city, de="Das Rathaus")
    work(library, city)
    with city.read() as db:
        file = media.find(db, uploaded)
    client = create_app(on_s3, database=database).test_client()
    assert client.get(media.address(file.key)).data == store.get(file.key)
    part = client.get(media.address(file.key), headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.data) == (206, store.get(file.key)[2:6])
    for one in file.renditions["items"]:
        assert client.get(media.address(one["key"])).status_code == 200
    assert client.get(media.address(KEY.replace("0", "e"))).status_code == 404
    assert client.get("/readyz").get_json()["checks"]["storage"] == "ok"
    assert kept(on_s3) == []


@on_one_database
def test_readers_are_sent_to_a_signed_address_when_the_operator_wants_it(on_s3, database, city, store):
    library = open_library(on_s3, database, store)
    uploaded = put(library, city)
    with city.read() as db:
        address = media.address(media.find(db, uploaded).key)
    client = create_app(replace(on_s3, s3_redirect=True), database=database).test_client()
    answer = client.get(address)
    assert answer.status_code == 302
    assert httpx.get(answer.headers["Location"]).content == store.get(address.removeprefix("/media/"))


@on_one_database
def test_the_cms_shows_pictures_from_there_only_when_readers_are_sent_there(on_s3, s3, database, city):
    def policy(settings):
        answer = create_app(settings, database=database).test_client().get("/cms/login")
        return answer.headers["Content-Security-Policy"]

    assert s3.endpoint not in policy(on_s3)
    sent_on = policy(replace(on_s3, s3_redirect=True))
    assert f"img-src 'self' data: blob: {s3.endpoint}; media-src 'self' {s3.endpoint};" in sent_on


@on_one_database
def test_a_refused_upload_leaves_no_object(on_s3, database, city, store):
    library = open_library(on_s3, database, store)
    data = picture(77, 33, colour="purple")
    for words in ({"tlh": Words("nuqneH")}, {"de": Words("")}):
        with pytest.raises((NotFound, Invalid)):
            library.upload(city.tenant_id, Upload(name="a.jpg", data=data, words=words), actor=EDITOR)
    kept_now = store._client.list_objects_v2(Bucket=BUCKET, Prefix=f"{city.tenant_id}/").get("Contents", [])
    assert kept_now == []


def test_endpoint_and_bucket_belong_together():
    with pytest.raises(Invalid, match="CITYINFO_S3_ENDPOINT and CITYINFO_S3_BUCKET"):
        Settings(s3_bucket="cityinfo")
