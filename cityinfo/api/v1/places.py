"""Where entries stand: paths in every language, and links from one to another."""

from __future__ import annotations

from cityinfo.api.http import with_media
from cityinfo.kernel import html
from cityinfo.web.bodies import Reading


class Places:
    """Writes paths of the entries of one kind, and links to entries of any."""

    def __init__(self, reading: Reading, kind: str) -> None:
        tenant = reading.tenant
        self._reading = reading
        self._kind = kind
        self._languages = tenant.active_languages
        self._site = f"{reading.settings.public_url}/{tenant.slug}"

    def languages(self, entry_id: int) -> dict[str, dict[str, str]]:
        """The entry's paths, in the city's languages in which it can be seen."""
        paths = self._reading.paths(self._kind, entry_id)
        return {language: {"path": paths[language]} for language in self._languages if language in paths}

    def with_links(self, content: str) -> str:
        """The content with its references written out, in the reader's language unless one insists on another."""
        return with_media(self._reading, html.resolve_references(content, self._address))

    def _address(self, entry_id: int, language: str) -> str | None:
        language = language or self._reading.language
        path = self._reading.path(entry_id, language) if language in self._languages else None
        return f"{self._site}/{language}/{path}" if path is not None else None
