"""Names of entries in markup, where the database has numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

from cityinfo.features import contacts, media

ANY = ""  # the kind of what a link leads to stands in the address itself
# Of clean markup only: every value stands in double quotes there.
_NAMED = re.compile(r'((?:href|src)="(entry|media):|<contact-card\b(?:\s+show="[^"]*")?\s+entry=")([^"]*)"')

Rewrite = Callable[[str, str], str]  # kind, or ANY, and what stands there, to what shall stand there


def rewritten(html: str, rewrite: Rewrite) -> str:
    """The markup with everything that names an entry written anew."""

    def write(found: re.Match[str]) -> str:
        kind = {"entry": ANY, "media": media.KIND}.get(found[2] or "", contacts.KIND)
        return f'{found[1]}{escape(rewrite(kind, unescape(found[3])))}"'

    return _NAMED.sub(write, html) if "entry" in html or "media:" in html else html


def apart(address: str, mark: str) -> tuple[str, str]:
    """What a link leads to, and the language it insists on, if any."""
    target, _, language = address.partition(mark)
    return target, language
