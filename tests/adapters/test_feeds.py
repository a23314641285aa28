"""RSS and Atom are read from public addresses only, up to a size."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from cityinfo.adapters.feeds import FeedServer
from cityinfo.adapters.outside import Outside, is_public
from cityinfo.features.news import FeedState
from cityinfo.kernel.errors import Invalid, Unavailable

NEW = FeedState()
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>tünews</title>
<item><guid>a</guid><title>أخبار</title><link>https://n.example/a</link>
<description>&lt;p&gt;Text&lt;/p&gt;</description><pubDate>Sun, 22 Nov 2026 10:00:00 +0100</pubDate></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Amal</title>
<entry><id>urn:1</id><title>Neu</title><link href="https://n.example/1"/><updated>2026-11-22T09:00:00Z</updated>
<content type="html">&lt;p&gt;Text&lt;/p&gt;</content></entry></feed>"""


def reader(**options):
    return FeedServer(Outside(permit=lambda address: True), **options)


@pytest.mark.parametrize(("body", "guid", "title"), [(RSS, "a", "أخبار"), (ATOM, "urn:1", "Neu")])
def test_both_forms_are_understood(httpserver, body, guid, title):
    httpserver.expect_request("/feed").respond_with_data(body.encode(), content_type="application/xml")
    (entry,) = reader().read(httpserver.url_for("/feed"), NEW).entries
    assert (entry.guid, entry.title, entry.summary) == (guid, title, "<p>Text</p>")
    assert entry.published_at == datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, "", Invalid),
        (503, "", Unavailable),
        (200, "<html>Hallo</html>", Invalid),
        (200, RSS + " " * 9000, Invalid),
    ],
)
def test_what_is_no_feed_is_refused(httpserver, status, body, kind):
    httpserver.expect_request("/feed").respond_with_data(body.encode(), status=status)
    with pytest.raises(kind):
        reader(most=5_000).read(httpserver.url_for("/feed"), NEW)


def test_our_own_network_is_not_asked(httpserver):
    with pytest.raises(Invalid, match="not public"):
        FeedServer().read(httpserver.url_for("/feed"), NEW)
    assert httpserver.log == []


def test_a_redirect_into_our_own_network_is_not_followed(httpserver):
    """The first address counts as public here; the one it leads to is looked at anew."""
    httpserver.expect_request("/feed").respond_with_data("", status=302, headers={"Location": "http://10.0.0.1/secret"})
    transport = Outside(permit=lambda address: address.startswith("127.") or is_public(address))
    with pytest.raises(Invalid, match=r"10\.0\.0\.1"):
        FeedServer(transport).read(httpserver.url_for("/feed"), NEW)


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 192.168.0.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1".split()
    + "::1 fe80::1%eth0 fd00::1 ::ffff:10.0.0.1".split(),
)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)
    assert is_public("93.184.216.34")


def test_a_name_with_one_address_inside_is_refused_and_the_others_are_asked_by_the_address_that_was_looked_at():
    asked = []
    inner = httpx.MockTransport(lambda request: asked.append(request) or httpx.Response(200))
    known = {"mixed.example": ["93.184.216.34", "10.0.0.1"], "good.example": ["93.184.216.34"]}
    client = httpx.Client(transport=Outside(resolve=lambda host, port: known[host], inner=inner))
    with pytest.raises(Invalid, match=r"mixed\.example"):
        client.get("https://mixed.example/")
    client.get("https://good.example/feed")
    (request,) = asked
    assert request.headers["Host"] == "good.example"
    assert request.extensions["sni_hostname"] == "good.example"


def test_a_feed_that_is_as_it_was_is_not_sent_again(httpserver):
    said = {"ETag": '"v1"', "Last-Modified": "Sun, 22 Nov 2026 09:00:00 GMT"}
    asked = {"If-None-Match": '"v1"', "If-Modified-Since": "Sun, 22 Nov 2026 09:00:00 GMT"}
    httpserver.expect_request("/feed", headers=asked).respond_with_data("", status=304)
    httpserver.expect_request("/feed").respond_with_data(RSS.encode(), headers=said)
    first = reader().read(httpserver.url_for("/feed"), NEW)
    assert first.state == FeedState(etag='"v1"', last_modified="Sun, 22 Nov 2026 09:00:00 GMT")
    second = reader().read(httpserver.url_for("/feed"), first.state)
    assert (second.entries, second.state) == (None, first.state)


def test_what_a_server_says_at_length_of_its_feed_is_not_kept(httpserver):
    httpserver.expect_request("/feed").respond_with_data(RSS.encode(), headers={"ETag": "a" * 2000})
    assert reader().read(httpserver.url_for("/feed"), NEW).state == NEW
