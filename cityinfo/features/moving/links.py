"""Where addresses in texts of the old system lead: to its pages, to its files, or somewhere else. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from cityinfo.features import events, imprint, locations, news, pages

from .answers import normal
from .reading import FAMILY, is_host
from .types import Found

APP_HOST = "integreat.app"
_SHORT = re.compile(r"/s/([peli])/(\d{1,16})")  # short links name texts by their number
_SHORT_KINDS = {"p": pages.KIND, "e": events.KIND, "l": locations.KIND, "i": imprint.KIND}
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|webp|avif|svg|mp3|ogg|m4a)$", re.IGNORECASE)
_ICON = re.compile(r"/(?:static/(?:svg|img)|media/icons)/([a-z]+)\.(?:svg|png)$")
# What the old system's small pictures are called here.
_ICONS = {
    "call": "phone",
    "email": "mail",
    "www": "web",
    "idea": "hint",
    "location": "pin",
    **{one: one for one in ("pin", "web", "mail", "phone", "clock", "hint", "group", "contact", "speech", "fax")},
}
_ALIASES = {"places": "locations", "disclaimer": "imprint"}
_NO_PAGES = {"search", "events", "locations", "news", "imprint", "offers", "wp-json"}
_DATE = re.compile(r"\$[0-9-]+$")

Key = tuple[str, str]  # kind and key


@dataclass(frozen=True, slots=True)
class Target:
    """The entry that a link leads to, in this language."""

    entry: Key
    language: str


@dataclass(frozen=True, slots=True)
class Server:
    """The old server: its address, against which addresses without a host count, its names, and the city there."""

    address: str
    hosts: Sequence[str]
    region: str

    def absolute(self, address: str) -> str:
        """The whole address; empty for what is none."""
        try:
            whole = urljoin(f"{self.address}/", address) if self.address else address
            return whole if urlsplit(whole).scheme in ("http", "https") else ""
        except ValueError:
            return ""

    def own_path(self, address: str) -> str:
        """The path of an address on this server or in its app; empty for another one."""
        try:
            parts = urlsplit(address)
            host = (parts.hostname or "").lower()
        except ValueError:
            return ""
        if not host and not parts.scheme and address.startswith("/"):
            return parts.path
        is_own = is_host(host, [*self.hosts, FAMILY, APP_HOST, f"www.{APP_HOST}"])
        return parts.path if parts.scheme in ("http", "https") and is_own else ""

    def file(self, address: str, *, shown: bool = False) -> str:
        """The whole address of a file of this server; what is `shown` is one, a link only by its ending."""
        whole = self.absolute(address)
        parts = urlsplit(whole)
        is_file = shown or _FILE.search(parts.path)
        return whole if whole and is_file and is_host((parts.hostname or "").lower(), self.hosts) else ""

    def icon(self, address: str) -> str:
        """What a small picture of this server is called here, if it is one that everybody has."""
        found = _ICON.search(self.own_path(address))
        return _ICONS.get(found[1], "") if found else ""


class Map:
    """All entries of a city by the addresses under which readers find them."""

    def __init__(self, server: Server, found: Sequence[Found]) -> None:
        self._server = server
        self._paths: dict[str, Target] = {}
        self._numbers: dict[tuple[str, int], Target] = {}
        slugs: dict[tuple[str, str], list[Target]] = {}
        for one in found:
            for language, said in one.texts.items():
                target = Target((one.kind, one.key), language)
                self._paths[self._place(one, said.path, language)] = target
                if said.id_v3:
                    self._numbers[one.kind, said.id_v3] = target
                if one.kind == pages.KIND:
                    slugs.setdefault((language, said.slug), []).append(target)
        self._slugs: Mapping[tuple[str, str], Target] = {key: some[0] for key, some in slugs.items() if len(some) == 1}
        self.origins: Counter[str] = Counter()

    def target(self, address: str) -> Target | None:
        """The entry that an address leads to, if it is one of this city."""
        path = self._server.own_path(address)
        short = _SHORT.fullmatch(path.rstrip("/")) if path else None
        if short:
            return self._numbers.get((_SHORT_KINDS[short[1]], int(short[2])))
        path = self._normal(path)
        found = self._paths.get(path) if path else None
        if found is None and path and self._is_page(path):
            parts = path.split("/")
            found = self._slugs.get((parts[2], parts[-1]))  # pages were found by their last segment, wherever they are
        if found is not None:
            parts_of = urlsplit(address)
            self.origins[f"{parts_of.scheme}://{parts_of.netloc}" if parts_of.netloc else ""] += 1
        return found

    def leads_nowhere(self, address: str, languages: Sequence[str]) -> bool:
        """Whether an address is one of this city's pages, in a language that came, and there is none."""
        path = self._normal(self._server.own_path(address))
        return bool(path) and self._is_page(path) and path.split("/")[2] in languages

    def _place(self, one: Found, path: str, language: str) -> str:
        if one.kind == news.KIND:
            return f"/{self._server.region}/{language}/news/{path.rpartition('/')[2]}"
        if one.kind == imprint.KIND:
            return f"/{self._server.region}/{language}/imprint"
        return normal(path)

    def _normal(self, path: str) -> str:
        """As paths stand here; empty for one that is not of this city."""
        parts = _DATE.sub("", normal(path)).split("/") if path else [""]
        if len(parts) < 3 or parts[1] != self._server.region:
            return ""
        if len(parts) > 3:
            parts[3] = _ALIASES.get(parts[3], parts[3])
        return "/".join(parts)

    @staticmethod
    def _is_page(path: str) -> bool:
        parts = path.split("/")
        return len(parts) > 3 and parts[3] not in _NO_PAGES and not _FILE.search(path)
