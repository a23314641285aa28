"""Fetching calendars over HTTP, from the world outside only."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

import httpx

from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.kernel.i18n import say

from .outside import Network, permitting

PATIENCE = httpx.Timeout(20.0, connect=10.0)  # seconds: for a connection, and for each piece of the answer
LONGEST = 60.0  # seconds for the whole answer
MOST_REDIRECTS = 3
_MOVED = (301, 302, 303, 307, 308)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class CalendarServer:
    """Fulfils `features.events.ports.CalendarSource`. `networks` may be asked although they are internal."""

    def __init__(self, networks: Sequence[Network] = ()) -> None:
        self._permit = permitting(networks)

    def fetch(self, address: str, *, most: int) -> bytes:
        """The whole file. Every redirect is looked at like the first address."""
        deadline = time.monotonic() + LONGEST
        asked = address
        try:
            for _ in range(MOST_REDIRECTS + 1):
                found = self._ask(asked, most, deadline)
                if isinstance(found, bytes):
                    return found
                asked = urljoin(asked, found)
        except httpx.TimeoutException:
            raise Unavailable("calendar.slow", "The calendar's server takes too long; try again later.") from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise Invalid("calendar.address", "The calendar's address is no web address.") from None
        except httpx.HTTPError:
            raise Unavailable("calendar.failed", "The calendar's server cannot be reached; try again later.") from None
        raise Invalid(
            "calendar.redirects",
            say("The calendar's address was redirected more than {most} times.", most=MOST_REDIRECTS),
        )

    def _ask(self, address: str, most: int, deadline: float) -> bytes | str:
        """The file, or where it has moved to.

        Connects to the very address that was looked at: a name may lead elsewhere the next time it is asked for.
        """
        scheme, host, port = _parts(address)
        url = httpx.URL(address).copy_with(host=str(self._resolve(host, port)), fragment=None)
        headers = {"Host": host if port in (80, 443) else f"{host}:{port}", "Accept": "text/calendar, */*;q=0.1"}
        extensions = {"sni_hostname": host} if scheme == "https" else {}
        client = httpx.Client(timeout=PATIENCE, trust_env=False)
        with client, client.stream("GET", url, headers=headers, extensions=extensions) as answer:
            if answer.status_code in _MOVED and "location" in answer.headers:
                return answer.headers["location"]
            _check_status(answer.status_code)
            return _within(answer, most, deadline)

    def _resolve(self, host: str, port: int) -> Address:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unavailable(
                "calendar.name", say("There is no server “{host}”; check the address.", host=host[:100])
            ) from None
        addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        if not addresses or not all(self._permit(str(one)) for one in addresses):
            raise Invalid(
                "calendar.internal",
                say("“{host}” leads into an internal network, which is not asked.", host=host[:100]),
            )
        return addresses[0]


def _parts(address: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError:
        raise Invalid("calendar.address", "The calendar's address is no web address.") from None
    if scheme not in ("http", "https") or not host:
        raise Invalid("calendar.scheme", "Only http and https addresses of calendars can be read.")
    if parts.username is not None:
        raise Invalid("calendar.user", "A calendar's address must hold no user name; use a secret address instead.")
    return scheme, host, port or (443 if scheme == "https" else 80)


def _check_status(status: int) -> None:
    if status >= 500 or status == 429:
        raise Unavailable(
            "calendar.status",
            say("The calendar's server answers with status {status}; try again later.", status=status),
        )
    if status != 200:
        raise Invalid(
            "calendar.status",
            say("The calendar's server answers with status {status}; check the address.", status=status),
        )


def _within(answer: httpx.Response, most: int, deadline: float) -> bytes:
    """The body, read piece by piece: what is declared of its length need not be true."""
    body = bytearray()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > most:
            raise Invalid(
                "calendar.too_large", say("The calendar has more than {most} bytes, which is the most.", most=most)
            )
        if time.monotonic() > deadline:
            raise Unavailable("calendar.slow", "The calendar's server takes too long; try again later.")
    return bytes(body)
