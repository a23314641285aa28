"""Names of entries in markup, where the database has numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from html import escape, unescape

from cityinfo.features import contacts, media
from cityinfo.kernel import html

ANY = ""  # the kind of what a link leads to stands in the address itself
# Of clean markup only: every value stands in double quotes there.
_NAMED = re.compile(r'((?:href|src)="(entry|media):|<contact-card\b(?:\s+show="[^"]*")?\s+entry=")([^"]*)"')

Rewrite = Callable[[str, str], str]  # kind, or ANY, and what stands there, to what shall stand there


def rewritten(text: str, rewrite: Rewrite) -> str:
    """The markup with everything that names an entry written anew."""

    def write(found: re.Match[str]) -> str:
        kind = {"entry": ANY, "media": media.KIND}.get(found[2] or "", contacts.KIND)
        return f'{found[1]}{escape(rewrite(kind, unescape(found[3])))}"'

    return _NAMED.sub(write, text) if "entry" in text or "media:" in text else text


def without_lost(text: str, known: Collection[int]) -> str:
    """The markup without references to entries that are not among these any more; links keep their words."""

    def link(address: str) -> str | None:
        number = address.removeprefix("entry:").partition("/")[0]
        return None if address.startswith("entry:") and int(number) not in known else address

    def card(entry_id: int, show: Sequence[str]) -> str:
        shown = f' show="{escape(" ".join(show))}"' if show else ""
        return f'<contact-card entry="{entry_id}"{shown}></contact-card>' if entry_id in known else ""

    if "entry:" in text:
        text = html.replace_links(text, link)
    text = html.write_cards(text, card)
    return html.write_media(text, lambda _tag, number, attributes: attributes if number in known else None)


def apart(address: str, mark: str) -> tuple[str, str]:
    """What a link leads to, and the language it insists on, if any."""
    target, _, language = address.partition(mark)
    return target, language
