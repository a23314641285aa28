"""Webhooks are sent to public addresses only, and what the other server writes is not read."""

from __future__ import annotations

import socket
import threading
import time

import httpx
import pytest

from cityinfo.adapters.outside import Outside
from cityinfo.adapters.webhooks import WebhookServer
from cityinfo.kernel.errors import Invalid, Unavailable
from tests.factories_webhooks import HERE


def test_our_own_network_is_not_asked(httpserver):
    with pytest.raises(Invalid, match="not public"):
        WebhookServer().send(httpserver.url_for("/hook"), b"{}", headers={})
    assert httpserver.log == []


def test_a_name_that_leads_elsewhere_when_asked_twice_gains_nothing():
    answers = iter([["93.184.216.34"], ["10.0.0.1"]])
    asked = []
    inner = httpx.MockTransport(lambda request: asked.append(connection(request)) or httpx.Response(204))
    server = WebhookServer(Outside(resolve=lambda host, port: next(answers), inner=inner))
    assert server.send("https://rebinding.example/hook", b"{}", headers={"webhook-id": "msg_1"}) == 204
    assert asked == [("93.184.216.34", "rebinding.example", "rebinding.example")]
    with pytest.raises(Invalid, match="not public"):
        server.send("https://rebinding.example/hook", b"{}", headers={})
    assert len(asked) == 1


def connection(request):
    """To which address, and for whom it is meant: by header and in the handshake."""
    return request.url.host, request.headers["Host"], request.extensions["sni_hostname"]


def test_a_redirect_is_an_answer_and_not_followed(httpserver):
    httpserver.expect_request("/hook").respond_with_data("", status=307, headers={"Location": "/elsewhere"})
    assert HERE.send(httpserver.url_for("/hook"), b"{}", headers={}) == 307
    assert [request.path for request, _ in httpserver.log] == ["/hook"]


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [(httpx.ReadTimeout("slow"), Unavailable), (httpx.ConnectError("down"), Unavailable)],
)
def test_a_server_that_does_not_answer_may_later(trouble, kind):
    def fail(_request):
        raise trouble

    with pytest.raises(kind):
        WebhookServer(httpx.MockTransport(fail)).send("https://city.example/", b"{}", headers={})


def test_a_server_that_answers_byte_by_byte_holds_nobody_up():
    """Each byte comes within the client's patience; all of them never would."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        talker = threading.Thread(target=talk_for_ever, args=[server], daemon=True)
        talker.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        started = time.monotonic()
        with pytest.raises(Unavailable):
            WebhookServer(Outside(permit=lambda address: True), longest=0.2).send(address, b"{}", headers={})
        assert time.monotonic() - started < 10
        talker.join(timeout=10)


def talk_for_ever(server):
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        connection.settimeout(0.02)
        try:
            while True:
                connection.sendall(b"x")
                try:
                    if connection.recv(65_536) == b"":
                        return
                except TimeoutError:
                    pass
        except OSError:
            return
