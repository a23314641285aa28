"""The words of an offer, taken apart into what its form asks for by itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

from cityinfo.cms.entries.words import as_html, as_text

FIELDS = {"eligibility": "eligibility", "documents": "documents", "steps": "steps", "cost": "cost_words"}  # by class
_LISTS = {"documents": "ul", "steps": "ol"}
_SECTION = re.compile(rf'<section class="({"|".join(FIELDS)})">((?:(?!</?section\b).)*)</section>', re.DOTALL)
_LIST = re.compile(r"<(ul|ol)>((?:<li>[^<]+</li>)+)</\1>")
_ITEM = re.compile(r"<li>([^<]+)</li>")


def apart(content: str) -> dict[str, str]:
    """The fields of the form, from HTML. What could not be put together again as it was stays in one piece."""
    head, _, rest = content.partition("<section ")
    parts = _SECTION.findall(f"<section {rest}") if rest else []
    shown = {"content": as_text(head), **dict.fromkeys(FIELDS.values(), "")}
    shown |= {FIELDS[name]: _shown(name, inner) for name, inner in parts}
    if together(shown) == content:
        return shown
    return {"content": as_text(content), **dict.fromkeys(FIELDS.values(), "")}


def together(values: Mapping[str, str]) -> str:
    """What was typed as HTML, sections after everything else."""
    sections = [(name, _written(name, values.get(field, "").strip())) for name, field in FIELDS.items()]
    parts = [f'<section class="{name}">{inner}</section>' for name, inner in sections if inner]
    return "".join([as_html(values.get("content", "")), *parts])


def _shown(name: str, inner: str) -> str:
    whole = _LIST.fullmatch(inner)
    if whole and whole[1] == _LISTS.get(name):
        return "\n".join(unescape(item) for item in _ITEM.findall(inner))
    return as_text(inner)


def _written(name: str, text: str) -> str:
    """A list of lines where a section is one, paragraphs elsewhere."""
    tag = _LISTS.get(name)
    if tag is None or not text or text.startswith("<"):
        return as_html(text)
    lines = (line.strip() for line in text.replace("\r\n", "\n").split("\n"))
    items = "".join(f"<li>{escape(line, quote=False)}</li>" for line in lines if line)
    return f"<{tag}>{items}</{tag}>"
