"""Texts of the old system as they stand here: clean, with entries and files by their identity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from cityinfo.features import media
from cityinfo.kernel import html

from .links import Key, Map, Server
from .types import Found, Report, Said

_IMAGE = re.compile(r'<img\b(?:\s+[a-z-]+(?:="[^"]*")?)*\s*/?>')
_SOURCE = re.compile(r'\ssrc="([^"]*)"')
_ALT = re.compile(r'\salt="([^"]*)"')
_OF_FACTS = ("picture", "logo")  # facts that name files


@dataclass(slots=True)
class Asked:
    """A file that something shows: what it is called, and what texts say it shows, by language."""

    name: str
    alts: dict[str, str] = field(default_factory=dict)


def files_of(server: Server, found: Sequence[Found]) -> dict[str, Asked]:
    """Every file of the old server that facts or texts name, by its address."""
    asked: dict[str, Asked] = {}
    for one in found:
        for name in _OF_FACTS:
            address = server.file(str(one.facts.get(name, "")), shown=True) if one.facts.get(name) else ""
            if address:
                alts = {language: said.alt for language, said in one.texts.items() if said.alt}
                known = asked.setdefault(address, Asked(_name(address)))
                known.alts = {**alts, **known.alts}
        for language, said in one.texts.items():
            for address, alt in _shown(server, html.sanitise(said.content)):
                known = asked.setdefault(address, Asked(_name(address)))
                if alt:
                    known.alts.setdefault(language, alt)
    return asked


def _shown(server: Server, clean: str) -> Iterator[tuple[str, str]]:
    for image in _IMAGE.finditer(clean):
        source, alt = _SOURCE.search(image[0]), _ALT.search(image[0])
        address = unescape(source[1]) if source else ""
        whole = "" if not address or server.icon(address) else server.file(address, shown=True)
        if whole:
            yield whole, " ".join(unescape(alt[1]).split()) if alt else ""
    yield from ((whole, "") for link in html.links(clean) if (whole := server.file(link)))


def _name(address: str) -> str:
    """The last part of the address, as a name of a file."""
    last = re.sub(r"[\x00-\x1f/\\]", "", unquote(urlsplit(address).path).rstrip("/").rpartition("/")[2])
    return last[-media.MOST_NAME :].strip(". ") or "file"


@dataclass(frozen=True, slots=True)
class Wording:
    """Writes texts anew. `ids` are entries here, `files` files here by their address there."""

    server: Server
    map: Map
    ids: Mapping[Key, int]
    files: Mapping[str, int]
    languages: Sequence[str]
    report: Report

    def content(self, language: str, said: Said) -> str:
        """What shall stand here; what had to be left out and leads nowhere is in the report."""
        clean = html.sanitise(said.content)
        for what, count in html.removed(said.content, clean).items():
            self.report.removed[what] = self.report.removed.get(what, 0) + count
        shown = _IMAGE.sub(lambda image: self._image(image[0]), clean)
        return html.sanitise(html.replace_links(shown, lambda address: self._link(address, language, said)))

    def _image(self, image: str) -> str:
        source = _SOURCE.search(image)
        address = unescape(source[1]) if source else ""
        icon = self.server.icon(address) if address else ""
        known = self.files.get(self.server.file(address, shown=True)) if address and not icon else None
        instead = f"icon:{icon}" if icon else f"media:{known}" if known else self.server.absolute(address)
        if not source or not instead:
            return image
        return f'{image[: source.start()]} src="{escape(instead)}"{image[source.end() :]}'

    def _link(self, address: str, language: str, said: Said) -> str:
        target = self.map.target(address)
        entry_id = self.ids.get(target.entry) if target else None
        if target is not None and entry_id is not None:
            self.report.references += 1
            return f"entry:{entry_id}" + ("" if target.language == language else f"/{target.language}")
        known = self.files.get(self.server.file(address))
        if known is not None:
            return f"media:{known}"
        if target is not None or self.map.leads_nowhere(address, self.languages):
            self.report.nowhere.append((said.path, address))
        return (self.server.absolute(address) or address) if address.startswith("/") else address
