"""Sending webhooks over HTTP, to the world outside only."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx

from cityinfo.kernel.errors import Invalid, Unavailable

from .outside import Outside

PATIENCE = httpx.Timeout(15.0, connect=10.0)  # seconds: for a connection, and for each piece of the answer's head
LONGEST = 30.0  # seconds for everything


class WebhookServer:
    """Fulfils `features.webhooks.ports.Sender`."""

    def __init__(self, transport: httpx.BaseTransport | None = None, *, longest: float = LONGEST) -> None:
        self._transport = transport
        self._longest = longest

    def send(self, address: str, body: bytes, *, headers: Mapping[str, str]) -> int:
        """The status alone: what the other server writes is not read."""
        try:
            return self._send(address, body, {"user-agent": "cityinfo", **headers})
        except httpx.TimeoutException:
            raise Unavailable("webhook.slow", "The webhook's server takes too long; tried again later.") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise Invalid("webhook.address", "The webhook's address is no web address.") from None
        except httpx.HTTPError:
            raise Unavailable("webhook.failed", "The webhook's server cannot be reached; tried again later.") from None

    def _send(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        client = httpx.Client(transport=self._transport or Outside(), timeout=PATIENCE, trust_env=False)
        with _Deadline(self._longest) as deadline, client:
            extensions = {"trace": deadline.notice}
            with client.stream("POST", address, content=body, headers=headers, extensions=extensions) as answer:
                return answer.status_code


class _Deadline:
    """Ends a connection when its time is over: who sends a byte now and then would hold a worker for ever."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._socket: socket.socket | None = None

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def notice(self, event: str, info: Mapping[str, Any]) -> None:
        """Told by the client what it does; remembers the connection it has made."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")

    def _end(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # without what TLS would say goodbye with
