"""Reading an Integreat server over HTTP: its pages for whoever sits at a terminal, all of it for the worker."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urljoin

import httpx

from cityinfo.kernel.errors import Invalid, NotFound, Unavailable
from cityinfo.kernel.i18n import say

from .outside import Network, Outside, permitting

PATIENCE = httpx.Timeout(30.0, connect=10.0)  # seconds: for a connection, and for each piece of the answer
LONGEST = 300.0  # seconds for the whole answer
LONGEST_OF_WORKER = 100.0  # the same where other work waits
MOST_REDIRECTS = 3
_MOVED = (301, 302, 303, 307, 308)
_NONE = (404, 410)


class IntegreatServer:
    """Fulfils `features.imports.ports.Addresses`."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._transport = transport

    def fetch(self, address: str, *, most: int) -> bytes:
        """The whole answer; `Invalid` when there is none or it has more bytes, `Unavailable` when nobody answers."""
        if not address.lower().startswith(("http://", "https://")):
            raise Invalid("fetch.scheme", say("{address}: only http and https addresses can be read.", address=address))
        with _in_words(address):
            return self._read(address, most)

    def _read(self, address: str, most: int) -> bytes:
        client = httpx.Client(
            transport=self._transport, timeout=PATIENCE, follow_redirects=True, max_redirects=MOST_REDIRECTS
        )
        with client, client.stream("GET", address) as answer:
            _check_status(address, answer.status_code)
            return _within(address, answer, most)


@contextmanager
def _in_words(address: str) -> Iterator[None]:
    """Say why a server could not be read as one sentence that names the address."""
    try:
        yield
    except httpx.TooManyRedirects:
        raise Invalid(
            "fetch.redirects",
            say("{address}: redirected more than {most} times.", address=address, most=MOST_REDIRECTS),
        ) from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise Invalid(
            "fetch.address", say("{address}: this is not, or leads to what is not, a web address.", address=address)
        ) from None
    except httpx.TimeoutException:
        raise Unavailable(
            "fetch.slow", say("{address}: the server takes too long; try again later.", address=address)
        ) from None
    except httpx.HTTPError as error:
        raise Unavailable(
            "fetch.failed", say("{address}: the server cannot be reached ({error}).", address=address, error=error)
        ) from None


def _check_status(address: str, status: int) -> None:
    if status >= 500 or status == 429:
        raise Unavailable(
            "fetch.status",
            say("{address}: the server answers with status {status}; try again later.", address=address, status=status),
        )
    if status != 200:
        raise Invalid(
            "fetch.status",
            say("{address}: the server answers with status {status} instead of pages.", address=address, status=status),
        )


def _within(address: str, answer: httpx.Response, most: int, *, longest: float = LONGEST) -> bytes:
    """The body, read piece by piece: what is declared of its length need not be true."""
    deadline = time.monotonic() + longest
    body = bytearray()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > most:
            raise Invalid(
                "fetch.too_large",
                say("{address}: the answer has more than {most} bytes, which is the most.", address=address, most=most),
            )
        if time.monotonic() > deadline:
            raise Unavailable(
                "fetch.slow",
                say(
                    "{address}: the answer takes longer than {longest} seconds.",
                    address=address,
                    longest=f"{longest:.0f}",
                ),
            )
    return bytes(body)


class OldServer:
    """Fulfils `features.moving.ports.Server`. `networks` may be asked although they are internal."""

    def __init__(self, networks: Sequence[Network] = (), *, patience: httpx.Timeout = PATIENCE) -> None:
        self._patience = patience
        self._permit = permitting(networks)

    def get(self, address: str, *, most: int, hosts: Collection[str]) -> bytes:
        """The whole answer, from these hosts only, wherever it is redirected to."""
        with _in_words(address), httpx.Client(transport=Outside(permit=self._permit), timeout=self._patience) as client:
            return self._follow(client, address, most, hosts)

    def _follow(self, client: httpx.Client, address: str, most: int, hosts: Collection[str]) -> bytes:
        asked = address
        for _ in range(MOST_REDIRECTS + 1):
            _check_host(asked, hosts)
            with client.stream("GET", asked, headers={"User-Agent": "cityinfo"}) as answer:
                if answer.status_code not in _MOVED or "location" not in answer.headers:
                    _check_there(address, answer.status_code)
                    return _within(address, answer, most, longest=LONGEST_OF_WORKER)
                asked = urljoin(asked, answer.headers["location"])
        raise httpx.TooManyRedirects("as often as a server may")


def _check_host(address: str, hosts: Collection[str]) -> None:
    host = httpx.URL(address).host.lower()
    if not any(f".{host}".endswith(one) if one.startswith(".") else host == one for one in hosts):
        raise Invalid("fetch.host", say("{address}: this is another server than that of the city.", address=address))


def _check_there(address: str, status: int) -> None:
    if status in _NONE:
        raise NotFound("fetch.none", say("{address}: there is nothing.", address=address))
    _check_status(address, status)
