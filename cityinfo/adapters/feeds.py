"""Reading RSS and Atom over HTTP."""

from __future__ import annotations

import calendar
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser
import httpx

from cityinfo.features.news.ports import FeedAnswer, FeedEntry, FeedState
from cityinfo.kernel.errors import Invalid, Problem, Unavailable
from cityinfo.kernel.i18n import say

from .outside import Outside

PATIENCE = httpx.Timeout(15.0, connect=10.0)  # seconds: for a connection, and for each piece of the answer
LONGEST = 40.0  # seconds for the whole answer
MOST = 5_000_000  # bytes
MOST_REDIRECTS = 3
MOST_STATE = 500  # characters


class FeedServer:
    """Fulfils `features.news.ports.FeedReader`."""

    def __init__(self, transport: httpx.BaseTransport | None = None, *, most: int = MOST) -> None:
        self._transport = transport
        self._most = most

    def read(self, address: str, known: FeedState) -> FeedAnswer:
        """The items; `Invalid` when there is no feed or it may not be read, `Unavailable` when nobody answers."""
        try:
            body, state = self._fetch(address, known)
        except httpx.TimeoutException:
            raise Unavailable(
                "feed.slow", say("{address}: the server takes too long; try again later.", address=address)
            ) from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.TooManyRedirects):
            raise Invalid(
                "feed.address", say("{address}: this leads to nothing that can be read.", address=address)
            ) from None
        except httpx.HTTPError as error:
            raise Unavailable(
                "feed.failed", say("{address}: the server cannot be reached ({error}).", address=address, error=error)
            ) from None
        return FeedAnswer(entries=None if body is None else _entries(address, body), state=state)

    def _fetch(self, address: str, known: FeedState) -> tuple[bytes | None, FeedState]:
        """The body, None when the server says it is as it was, and what to ask with next time."""
        client = httpx.Client(
            transport=self._transport or Outside(),
            timeout=PATIENCE,
            follow_redirects=True,
            max_redirects=MOST_REDIRECTS,
            trust_env=False,
        )
        with client, client.stream("GET", address, headers=_headers(known)) as answer:
            if answer.status_code == 304:
                return None, known
            if answer.status_code != 200:
                raise _refused(address, answer.status_code)
            return self._within(address, answer), _state(answer.headers)

    def _within(self, address: str, answer: httpx.Response) -> bytes:
        """The body, read piece by piece: what is declared of its length need not be true."""
        deadline = time.monotonic() + LONGEST
        body = bytearray()
        for piece in answer.iter_bytes(65_536):
            body += piece
            if len(body) > self._most:
                raise Invalid(
                    "feed.too_large",
                    say("{address}: the feed has more than {most} bytes.", address=address, most=self._most),
                )
            if time.monotonic() > deadline:
                raise Unavailable(
                    "feed.slow",
                    say(
                        "{address}: the answer takes longer than {longest} seconds.",
                        address=address,
                        longest=f"{LONGEST:.0f}",
                    ),
                )
        return bytes(body)


def _refused(address: str, status: int) -> Problem:
    """What passes by itself can be tried again; the rest is for whoever chose the address."""
    passes = status >= 500 or status == 429
    sentence = say("{address}: the server answers with status {status}.", address=address, status=status)
    return Unavailable("feed.status", sentence) if passes else Invalid("feed.status", sentence)


def _headers(known: FeedState) -> dict[str, str]:
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {"User-Agent": "cityinfo", **{name: value for name, value in asked.items() if value}}


def _state(headers: httpx.Headers) -> FeedState:
    """What is longer than any server says in earnest is not kept."""
    etag, last_modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
    short = {"etag": etag, "last_modified": last_modified}
    return FeedState(**{name: value for name, value in short.items() if len(value) <= MOST_STATE})


def _entries(address: str, body: bytes) -> list[FeedEntry]:
    found = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    if not found.version:
        raise Invalid("feed.unreadable", say("{address}: this is neither RSS nor Atom.", address=address))
    return [_entry(address, one) for one in found.entries]


def _entry(address: str, one: Any) -> FeedEntry:
    words = next((part.value for part in one.get("content", ()) if part.get("value")), "") or one.get("summary", "")
    moment = one.get("published_parsed") or one.get("updated_parsed")
    return FeedEntry(
        guid=str(one.get("id", "")),
        title=str(one.get("title", "")),
        summary=str(words),
        link=_absolute(address, str(one.get("link", ""))),
        published_at=_moment(moment),
    )


def _absolute(address: str, link: str) -> str:
    try:
        return urljoin(address, link) if link else ""
    except ValueError:
        return ""


def _moment(parsed: time.struct_time | None) -> datetime | None:
    if parsed is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
