"""Pictures that lie on an S3 server to which browsers are sent: the policy of the screens lets them be seen."""

from __future__ import annotations

import pytest

from cityinfo.app import open_library, open_store
from tests.browser.conftest import Visit, staffed, visiting
from tests.factories_media import picture, put
from tests.s3 import ACCESS_KEY, BUCKET, SECRET_KEY, start_s3

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("s3")]
SEEN = "pictures => pictures.every(one => one.complete && one.naturalWidth > 0)"


@pytest.fixture
def elsewhere(sqlite_template, tmp_path):
    with start_s3(tmp_path) as server:
        named = {"s3_endpoint": server.endpoint, "s3_bucket": BUCKET}
        keys = {"s3_access_key": ACCESS_KEY, "s3_secret_key": SECRET_KEY}
        (tmp_path / "service").mkdir()
        with staffed(sqlite_template, tmp_path / "service", **named, **keys, s3_redirect=True) as service:
            yield service, server


def without_what_comes_from(complaints: list[str], origin: str) -> list[str]:
    return [one for one in complaints if not one.startswith(origin)]


def test_the_library_shows_pictures_that_lie_on_another_server(elsewhere, browser):
    service, server = elsewhere
    library = open_library(service.settings, service.database, open_store(service.settings))
    file = put(library, service.city, picture(900, 600))
    with visiting(service, browser) as elif_:
        elif_.come_in("elif@example.org")
        for path in ("/cms/teststadt/media", f"/cms/teststadt/media/{file}"):
            assert_seen(elif_, path)
        assert any(one.startswith(server.endpoint) for one in elif_.complaints), "the browser was sent there"
        assert not without_what_comes_from(elif_.complaints, server.endpoint)


def assert_seen(someone: Visit, path: str) -> None:
    someone.open(path)
    pictures = someone.page.locator("main img")
    assert pictures.count()
    assert pictures.evaluate_all(SEEN)
