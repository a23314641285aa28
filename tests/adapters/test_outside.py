"""No spelling of an address leads a request of ours into our own network."""

from __future__ import annotations

import httpx
import pytest

from cityinfo.adapters.outside import Outside, is_public
from cityinfo.adapters.webhooks import WebhookServer
from cityinfo.kernel.errors import Invalid, Problem

HERE = "127.0.0.1 127.1 2130706433 0x7f.1 0177.0.0.1 017700000001 0x7f000001 0 0.0.0.0 localhost localhost.".split()
HERE_IN_SIX = "[::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1]".split()
HERE_IN_OTHER_LETTERS = ["①②⑦.⓪.⓪.①", "127。0。0。1", "ｌｏｃａｌｈｏｓｔ", "127.0.0.1%00.example.org"]


@pytest.mark.parametrize("host", HERE + HERE_IN_SIX + HERE_IN_OTHER_LETTERS)
def test_however_an_address_is_written_our_own_machine_is_not_asked(httpserver, host):
    with pytest.raises(Problem):
        WebhookServer().send(f"http://{host}:{httpserver.port}/hook", b"{}", headers={})
    assert httpserver.log == []


@pytest.mark.parametrize(
    "address",
    "169.254.169.254 fe80::1%eth0 fd00:ec2::254 fec0::1 192.88.99.1 100.100.100.200 198.18.0.1 192.0.0.192 "
    "::ffff:169.254.169.254 ::ffff:0:10.0.0.1 64:ff9b::a00:1 64:ff9b:1::a00:1 2002:a00:1:: 2001:0:a00:1::f5ff:fffe "
    "::10.0.0.1 2001:db8::1 ff02::1 255.255.255.255".split(),
)
def test_what_is_no_public_address_is_refused_in_whatever_kind_it_is_written(address):
    assert not is_public(address)


def test_a_name_that_leads_outside_and_inside_is_not_asked_at_all():
    asked = []
    inner = httpx.MockTransport(lambda request: asked.append(request) or httpx.Response(204))
    server = WebhookServer(Outside(resolve=lambda host, port: ["93.184.216.34", "::ffff:10.0.0.1"], inner=inner))
    with pytest.raises(Invalid, match="not public"):
        server.send("https://both.example/hook", b"{}", headers={})
    assert asked == []


def test_a_name_in_other_letters_is_asked_for_as_servers_know_it():
    asked = []
    inner = httpx.MockTransport(lambda request: httpx.Response(204))
    transport = Outside(resolve=lambda host, port: asked.append(host) or ["93.184.216.34"], inner=inner)
    assert WebhookServer(transport).send("https://bücher.example/hook", b"{}", headers={}) == 204
    assert asked == ["xn--bcher-kva.example"]
