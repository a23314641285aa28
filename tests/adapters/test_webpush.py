"""Web Push against a real test server, which decrypts what it gets."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from py_vapid import Vapid, b64urlencode

from cityinfo.adapters.outside import Outside
from cityinfo.adapters.webpush import BrowserSender
from cityinfo.features.news import Notice, Recipient
from cityinfo.kernel.errors import Gone, Invalid

PACKAGE = "web-push-testing@1.2.2"
BIN = Path(sys.executable).parent
NOTICE = Notice(city="teststadt", language="ar", number=12, title="إغلاق", body="يوم الجمعة", path="/x", seconds=3600)
OTHER = replace(NOTICE, number=13)


class Wire(httpx.BaseTransport):
    """The way to the server, on which the topics that go along are noted: the server does not say them."""

    def __init__(self) -> None:
        self.topics: list[str] = []
        self._onward = Outside(permit=lambda address: True)

    def handle_request(self, request):
        self.topics.append(request.headers["Topic"])
        return self._onward.handle_request(request)

    def close(self):
        self._onward.close()


@pytest.fixture(scope="module")
def vapid():
    vapid = Vapid()
    vapid.generate_keys()
    return vapid


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
def sender(vapid, wire):
    private = vapid.private_key.private_numbers().private_value.to_bytes(32, "big")
    sender = BrowserSender(b64urlencode(private), subject="mailto:ops@city.example", transport=wire)
    yield sender
    sender.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The server in a folder of its own; without a package registry it cannot be had, and the test says so."""
    folder = tmp_path_factory.mktemp("push")
    install = [BIN / "npm", "install", PACKAGE, "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=90)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"NOT TESTED: WEB PUSH. npm could not fetch {PACKAGE} ({type(error).__name__}).")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [BIN / "node", folder / "node_modules/web-push-testing/src/bin/server.js", str(port)]
    output = (folder / "log").open("w")
    with output as log, subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True) as process:
        try:
            yield _when_ready(f"http://127.0.0.1:{port}")
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # `node` of the package is a program that starts the real one


def _when_ready(address):
    for _ in range(100):
        try:
            httpx.post(f"{address}/status", timeout=2)
            return address
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("The push server does not start.")


def _browser(server, vapid):
    """A browser that has subscribed: how it is reached, and under which name the server keeps what it got."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = vapid.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    options = {"userVisibleOnly": "true", "applicationServerKey": b64urlencode(public)}
    browser = httpx.post(f"{server}/subscribe", json=options).json()["data"]
    to = Recipient(endpoint=browser["endpoint"].replace("localhost", "127.0.0.1"), **browser["keys"])
    return to, browser["clientHash"]


def _received(server, name):
    got = httpx.post(f"{server}/get-notifications", json={"clientHash": name}).json()
    return [json.loads(message) for message in got["data"]["messages"]]


@pytest.mark.slow
def test_a_browser_gets_the_words_and_one_that_is_gone_is_told_apart(server, sender, vapid):
    to, name = _browser(server, vapid)
    sender.send(NOTICE, to)
    (payload,) = _received(server, name)
    assert (payload["title"], payload["body"], payload["news_id"]) == ("إغلاق", "يوم الجمعة", "12")
    httpx.post(f"{server}/expire-subscription/{name}")
    with pytest.raises(Gone):
        sender.send(NOTICE, to)


@pytest.mark.slow
def test_a_repeat_takes_the_place_of_the_first_and_a_message_of_another_city_does_not(server, sender, wire, vapid):
    """`Topic` replaces what a push server still holds (RFC 8030, 5.4), `tag` what the browser shows already."""
    to, name = _browser(server, vapid)
    for notice in (NOTICE, replace(NOTICE, title="إغلاق غدا"), replace(NOTICE, city="anderswo"), OTHER):
        sender.send(notice, to)
    first, repeat, elsewhere, other = (payload["tag"] for payload in _received(server, name))
    assert first == repeat
    assert len({first, elsewhere, other}) == 3
    assert wire.topics == [first, repeat, elsewhere, other]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,32}", topic) for topic in wire.topics), "servers refuse other topics"


def test_keys_that_no_browser_made_are_refused(sender):
    with pytest.raises(Invalid, match="keys"):
        sender.send(NOTICE, Recipient(endpoint="https://push.example/a", p256dh="B" + "A" * 86, auth="A" * 22))


def test_a_key_that_is_none_is_refused_at_once():
    with pytest.raises(Invalid, match="VAPID"):
        BrowserSender("kein Schlüssel", subject="mailto:ops@city.example")
