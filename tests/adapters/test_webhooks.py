"""Webhooks are sent to public addresses only, and what the other server writes is not read."""

from __future__ import annotations

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
