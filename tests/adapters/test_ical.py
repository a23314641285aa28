"""Calendars are fetched from the world outside, and nothing else is."""

from __future__ import annotations

import socket

import pytest

from cityinfo.adapters.ical import CalendarServer
from cityinfo.adapters.outside import is_public, networks_of
from cityinfo.kernel.errors import Invalid, Unavailable

HERE = networks_of("127.0.0.0/8")


def fetch(address, *, networks=(), most=1_000):
    return CalendarServer(networks).fetch(address, most=most)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - nothing is bound
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_inside(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_outside(address):
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1"])
def test_an_address_inside_is_not_asked(httpserver, host):
    with pytest.raises(Invalid) as problem:
        fetch(f"http://{host}:{httpserver.port}/x.ics")
    assert problem.value.code == "calendar.internal"
    assert httpserver.log == []


def test_a_redirect_to_the_inside_is_not_followed(httpserver):
    target = "http://169.254.169.254/latest/meta-data"
    httpserver.expect_request("/x.ics").respond_with_data("", status=302, headers={"Location": target})
    with pytest.raises(Invalid) as problem:
        fetch(httpserver.url_for("/x.ics"), networks=HERE)
    assert problem.value.code == "calendar.internal"


def test_redirects_within_what_is_allowed_are_followed_and_counted(httpserver):
    httpserver.expect_request("/a").respond_with_data("", status=301, headers={"Location": "/b"})
    httpserver.expect_request("/b").respond_with_data("found")
    httpserver.expect_request("/round").respond_with_data("", status=302, headers={"Location": "/round"})
    assert fetch(httpserver.url_for("/a"), networks=HERE) == b"found"
    with pytest.raises(Invalid) as problem:
        fetch(httpserver.url_for("/round"), networks=HERE)
    assert problem.value.code == "calendar.redirects"


def test_a_name_is_asked_for_once_and_the_server_is_told_it(httpserver, monkeypatch):
    asked = []

    def resolve(host, port, *args, **kwargs):
        asked.append(host)
        answer = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    httpserver.expect_request("/x.ics", headers={"Host": f"calendar.example:{httpserver.port}"}).respond_with_data("ok")
    original = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *args, **more: (resolve if host == "calendar.example" else original)(host, *args, **more),
    )
    assert fetch(f"http://calendar.example:{httpserver.port}/x.ics", networks=HERE) == b"ok"
    assert asked == ["calendar.example"]


def test_a_name_that_leads_outside_and_inside_is_not_asked(monkeypatch):
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(Invalid):
        fetch("http://calendar.example/x.ics")


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://x.example/", "//x", "http://", "http://a:b@x.example/"]
)
def test_other_addresses_are_refused(address):
    with pytest.raises(Invalid):
        fetch(address)


def test_what_is_too_large_is_refused(httpserver):
    httpserver.expect_request("/x.ics").respond_with_data("x" * 1_001)
    with pytest.raises(Invalid) as problem:
        fetch(httpserver.url_for("/x.ics"), networks=HERE)
    assert problem.value.code == "calendar.too_large"


@pytest.mark.parametrize(("status", "kind"), [(404, Invalid), (500, Unavailable), (429, Unavailable), (204, Invalid)])
def test_every_other_answer_is_a_problem(httpserver, status, kind):
    httpserver.expect_request("/x.ics").respond_with_data("", status=status)
    with pytest.raises(kind):
        fetch(httpserver.url_for("/x.ics"), networks=HERE)


def test_nobody_there(httpserver):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unavailable):
        fetch(f"http://127.0.0.1:{port}/", networks=HERE)


def test_a_network_that_is_none_is_named():
    with pytest.raises(Invalid):
        networks_of("10.0.0.0/8, here")
