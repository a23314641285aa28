"""Texts whose references lead elsewhere now."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from cityinfo.kernel import html

_LINK = re.compile(r"entry:(\d{1,16})(?:/([a-z0-9-]+))?")
_CARD = re.compile(r'(<contact-card\b[^<>]*?\sentry=")(\d{1,16})("[^<>]*></contact-card>)')
_FILE = re.compile(r"media:(\d{1,16})")


def rewritten(content: str, entries: Mapping[int, int], languages: Collection[str]) -> str:
    """Clean markup with the same references to the entries as they are numbered here.

    A link to what is not among them keeps its words; a card, picture or recording of it leaves. A link that insists on
    a language that is not among these follows the reader's.
    """
    if "entry" in content:
        content = html.replace_links(content, lambda address: _link(address, entries, languages))
        content = _CARD.sub(lambda card: _card(card, entries), content)
    return html.write_media(content, lambda tag, number, attributes: _file(tag, number, attributes, entries))


def references(content: str) -> set[int]:
    """All entries that clean markup names."""
    shown = {entry_id for _, entry_id in html.shown(content)}
    return shown | {entry_id for entry_id, _ in html.references(content)}


def _link(address: str, entries: Mapping[int, int], languages: Collection[str]) -> str | None:
    found = _LINK.fullmatch(address)
    if found is None:
        return address
    target, language = entries.get(int(found[1])), found[2]
    if target is None:
        return None
    return f"entry:{target}/{language}" if language in languages else f"entry:{target}"


def _card(card: re.Match[str], entries: Mapping[int, int]) -> str:
    target = entries.get(int(card[2]))
    return "" if target is None else f"{card[1]}{target}{card[3]}"


def _file(_tag: str, number: int, attributes: Mapping[str, str], entries: Mapping[int, int]) -> dict[str, str] | None:
    target = entries.get(number)
    if target is None:
        return None
    named = {name: f"media:{target}" for name, value in attributes.items() if _FILE.fullmatch(value)}
    return {**attributes, **named}
