"""What readers' apps ask for: one request at a time, and the addresses of a city that are measured."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from cityinfo.web.store import decode

IDENTITY, GZIP, ZSTD = "identity", "gzip", "zstd"
ENCODINGS = (IDENTITY, GZIP, ZSTD)
CATEGORY = "advice"  # that filtered lists ask for
POINT = "48.3,10.9"  # near which they ask
WHOLE = 1_000  # items of a list that is not read in portions


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer. `wire` counts all its bytes, status line and headers included."""

    status: int
    etag: str
    encoding: str
    raw: bytes
    wire: int
    milliseconds: float
    received: float  # of time.perf_counter

    @property
    def body(self) -> bytes:
        return decode(self.raw, self.encoding)


class Phone:
    """A reader with one connection that stays open, and so with one of the server's processes."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._connection.connect()

    def get(self, path: str, *, encoding: str = IDENTITY, etag: str = "") -> Answer:
        """One answer; anything but 200 and 304 is an error."""
        headers = {"Accept-Encoding": encoding} | ({"If-None-Match": etag} if etag else {})
        started = time.perf_counter()
        self._connection.request("GET", path, headers=headers)
        response = self._connection.getresponse()
        raw = response.read()
        received = time.perf_counter()
        if response.status not in (200, 304):
            raise http.client.HTTPException(f"{path} answers {response.status}: {raw[:200]!r}")
        return Answer(
            status=response.status,
            etag=response.headers.get("ETag", ""),
            encoding=response.headers.get("Content-Encoding", IDENTITY),
            raw=raw,
            wire=len(raw) + _size_of_head(response),
            milliseconds=(received - started) * 1e3,
            received=received,
        )

    def get_json(self, path: str) -> Any:
        return json.loads(self.get(path).body)

    def close(self) -> None:
        self._connection.close()


@dataclass(frozen=True, slots=True)
class Target:
    """An address that is measured, and what must be edited so that its answer changes: an entry, or None: the city."""

    name: str
    path: str
    entry_id: int | None


@dataclass(frozen=True, slots=True)
class City:
    """A city as it is measured: its addresses, the entry that its editor edits, and the address watched meanwhile."""

    slug: str
    about: str
    language: str
    tenant_id: int
    entry_id: int
    targets: Sequence[Target]
    watched: str

    @property
    def feed(self) -> str:
        return f"/api/v1/tenants/{self.slug}/{self.language}"

    def target(self, name: str) -> Target:
        return next(one for one in self.targets if one.name == name)


def find_city(phone: Phone, slug: str, language: str, tenant_id: int) -> City:
    """The measured addresses: the first-level page with most pages directly below it, and the page with the longest
    way down.
    """
    found = _all_pages(phone, f"/api/v1/tenants/{slug}/{language}/pages")
    below = [page["parent"] for page in found if page["parent"] is not None]
    top = max((page for page in found if page["parent"] is None), key=lambda page: below.count(page["id"]))
    deep = max(found, key=lambda page: page["path"].count("/"))
    v3, feed = f"/api/v3/{slug}/{language}", f"/api/v1/tenants/{slug}/{language}"
    since = phone.get_json(f"{feed}/bundle")["cursor"]
    targets = [
        Target("regions/", "/api/v3/regions/", None),
        Target("pages/", f"{v3}/pages/", deep["id"]),
        Target("children/?depth=1", f"{v3}/children/?depth=1", top["id"]),
        Target("children/?depth=2&url=…", f"{v3}/children/?depth=2&url={_url(slug, language, top)}", top["id"]),
        Target("page/?url=…", f"{v3}/page/?url={_url(slug, language, deep)}", deep["id"]),
        Target("v1 changes", f"{feed}/changes?{urlencode({'since': since})}", deep["id"]),
    ]
    return City(slug, _about(found, language), language, tenant_id, deep["id"], targets, "page/?url=…")


def find_lists(phone: Phone, slug: str, language: str, tenant_id: int) -> City:
    """The lists of places and events on both faces, whole and filtered."""
    v3, v1 = f"/api/v3/{slug}/{language}", f"/api/v1/tenants/{slug}/{language}"
    place = phone.get_json(f"{v1}/locations?category={CATEGORY}&near={POINT}&limit=1")["items"][0]["id"]
    event = phone.get_json(f"{v1}/events?expand=true&limit=1")["items"][0]["id"]
    targets = [
        *(Target(f"v3 {query}", f"{v3}/{query}", place) for query in ("locations/", "locations/?on_map=1")),
        *(Target(f"v3 {query}", f"{v3}/{query}", event) for query in ("events/", "events/?combine_recurring=True")),
        Target("v1 locations", f"{v1}/locations?limit={WHOLE}", place),
        Target("v1 locations?category=…", f"{v1}/locations?category={CATEGORY}&limit={WHOLE}", place),
        Target("v1 locations?near=…", f"{v1}/locations?near={POINT}", place),
        Target("v1 events", f"{v1}/events?limit={WHOLE}", event),
        Target("v1 events?expand=true", f"{v1}/events?expand=true", event),
    ]
    counts = [len(phone.get_json(f"{v1}/{kind}?limit={WHOLE}")["items"]) for kind in ("locations", "events")]
    about = "{} locations and {} events".format(*counts)
    return City(slug, f"{about} beside its pages.", language, tenant_id, place, targets, "v3 locations/?on_map=1")


def _all_pages(phone: Phone, path: str) -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = phone.get_json(f"{path}?limit=5000")["items"]
    return pages


def _about(pages: Sequence[Mapping[str, Any]], language: str) -> str:
    languages = {one for page in pages for one in page["languages"]}
    size = sum(len(page["content"].encode()) for page in pages) / len(pages)
    return f"{len(pages)} pages in {len(languages)} languages; texts in {language} have {size:,.0f} bytes on average."


def _url(slug: str, language: str, page: Mapping[str, Any]) -> str:
    return quote(f"/{slug}/{language}/{page['path']}/", safe="")


def _size_of_head(response: http.client.HTTPResponse) -> int:
    lines = [
        f"HTTP/1.1 {response.status} {response.reason}",
        *(f"{name}: {value}" for name, value in response.headers.items()),
    ]
    return sum(len(line.encode()) + 2 for line in lines) + 2
