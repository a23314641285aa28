"""Where entries stand: addresses as the apps know them, in every language, for content of every type."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import orjson

from cityinfo.api.http import with_media
from cityinfo.kernel import html
from cityinfo.web.bodies import Reading

_ID = re.compile(rb'"id":\d+')


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands in one language. `written` is the same as JSON, its language before it: there are many."""

    id: int
    site: str
    path: str
    written: bytes

    @property
    def url(self) -> str:
        return self.site + self.path


class Places:
    """Writes addresses of the entries of one kind, and links to entries of any."""

    def __init__(self, reading: Reading, kind: str) -> None:
        tenant = reading.tenant
        self._reading = reading
        self._outline = reading.outline(kind)
        self._language = reading.language
        self._others = [language for language in tenant.active_languages if language != reading.language]
        self._prefixes = {language: f"/{tenant.slug}/{language}/" for language in tenant.active_languages}
        self._site = reading.settings.public_url
        # Most of the work of writing a tree. Apart by what addresses begin with.
        self._known: dict[int, dict[str, Place]] = self._outline.notes((self._site, *self._prefixes.values()))
        self._app = tenant.app_url or ""

    def place(self, entry_id: int) -> Place:
        """Where an entry of this kind stands in the reader's language, in which it can be seen."""
        return self.everywhere(entry_id)[self._language]

    def other_languages(self, entry_id: int, suffix: str = "") -> orjson.Fragment:
        """Where it stands in every other language in which it can be seen; with a suffix, of that date of an event."""
        places = self.everywhere(entry_id)
        written = b",".join([places[language].written for language in self.languages(entry_id)])
        if suffix:  # every address ends in a slash, and only there one stands before a quotation mark
            written = _ID.sub(b'"id":null', written).replace(b'/"', f'{suffix}/"'.encode())
        return orjson.Fragment(b"{%b}" % written)

    def languages(self, entry_id: int) -> Collection[str]:
        """Every other language in which an entry of this kind can be seen."""
        places = self.everywhere(entry_id)
        return [language for language in self._others if language in places]

    def everywhere(self, entry_id: int) -> dict[str, Place]:
        known = self._known.get(entry_id)
        if known is None:
            known = self._known[entry_id] = self._new_places(entry_id)
        return known

    def with_links(self, content: str) -> str:
        """The content with its references written out: into the app, in the reader's language unless one is named."""
        return with_media(self._reading, html.resolve_references(content, self._address))

    def _address(self, entry_id: int, language: str) -> str | None:
        language = language or self._language
        place = self.everywhere(entry_id).get(language)
        if place is not None:
            return self._app + place.path
        path = self._reading.path(entry_id, language) if language in self._prefixes else None
        return f"{self._app}{self._prefixes[language]}{path}/" if path else None

    def _new_places(self, entry_id: int) -> dict[str, Place]:
        node = self._outline.node(entry_id)
        if node is None:
            return {}
        places: dict[str, Place] = {}
        for language, slugs in self._reading.paths(node.kind, entry_id).items():
            if language in self._prefixes:
                path = f"{self._prefixes[language]}{slugs}/"
                places[language] = _place(language, node.texts[language].v3_id, self._site, path)
        return places


def _place(language: str, identity: int, site: str, path: str) -> Place:
    named = orjson.dumps({language: {"id": identity, "url": site + path, "path": path}})
    return Place(identity, site, path, named[1:-1])
