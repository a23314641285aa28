"""Sending webhooks over HTTP, to the world outside only."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from cityinfo.kernel.errors import Invalid, Unavailable

from .outside import Outside

PATIENCE = httpx.Timeout(15.0, connect=10.0)  # seconds: for a connection, and for the answer's head


class WebhookServer:
    """Fulfils `features.webhooks.ports.Sender`."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._transport = transport

    def send(self, address: str, body: bytes, *, headers: Mapping[str, str]) -> int:
        """The status alone: what the other server writes is not read."""
        client = httpx.Client(transport=self._transport or Outside(), timeout=PATIENCE, trust_env=False)
        said = {"user-agent": "cityinfo", **headers}
        try:
            with client, client.stream("POST", address, content=body, headers=said) as answer:
                return answer.status_code
        except httpx.TimeoutException:
            raise Unavailable("webhook.slow", "The webhook's server takes too long; tried again later.") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise Invalid("webhook.address", "The webhook's address is no web address.") from None
        except httpx.HTTPError:
            raise Unavailable("webhook.failed", "The webhook's server cannot be reached; tried again later.") from None
