"""Facts in place of placeholders, when a text is published; what is not said takes its sentence with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from cityinfo.features import tenants
from cityinfo.kernel.db import Work

from . import queries, rules
from .models import Placeholder
from .rules import EVERY, MARK

# What goes when a fact in it is missing: the smallest of these around it.
_AROUND = ("li", "p", "dd", "tr", "blockquote", "h2", "h3", "h4")
_OPENED = re.compile(r"<(ul|ol|dl|table|tbody|section|div|li|td)\b[^<>]*>\s*\Z")
_HEADING_ABOVE = re.compile(r"<h([2-6])\b[^<>]*>(?:(?!</h\1>).)*</h\1>\s*\Z", re.DOTALL)
_HEADING_BELOW = re.compile(r"\s*(?:<h([2-6])\b|</|\Z)")
_OPEN_LINK, _CLOSED_LINK = re.compile(r"<a\b"), re.compile(r"</a>")


def write_out(db: Work, language: str, contents: Sequence[str]) -> list[str]:
    """Put what the city says in place of the placeholders that contents name. No reader ever sees braces."""
    if not any("{{" in text for text in contents):
        return list(contents)
    facts = _Facts(db, language)
    return [facts.written(text) if "{{" in text else text for text in contents]


class _Facts:
    """What a city says in one language; what is not translated into it is said in the language above."""

    def __init__(self, db: Work, language: str) -> None:
        self._known: Mapping[str, Placeholder] = {row.key: row for row in queries.declared(db)}
        self._values = queries.values(db)
        self._languages = _upwards(db, language)
        self._name = tenants.own(db).full_name

    def written(self, html: str) -> str:
        while (found := MARK.search(html)) is not None:
            said = self._said(found[1])
            if said is None:
                html = _without(html, found)
            else:
                html = html[: found.start()] + self._markup(said, inside=html[: found.start()]) + html[found.end() :]
        return html.replace("{{", "").replace("}}", "")

    def _said(self, name: str) -> tuple[str, str] | None:
        """Kind and value; None when nothing is said."""
        if name == rules.TENANT_NAME:
            return rules.TEXT, self._name
        key = name.removeprefix(rules.FACTS)
        known = self._known.get(key) if name.startswith(rules.FACTS) else None
        if known is None:
            return None
        languages = self._languages if known.translated else [EVERY]
        value = next((self._values[key, one] for one in languages if (key, one) in self._values), None)
        return None if value is None else (known.kind, value)

    def _markup(self, said: tuple[str, str], *, inside: str) -> str:
        kind, value = said
        link, words = rules.as_link(kind, value), escape(value, quote=False)
        in_link = len(_OPEN_LINK.findall(inside)) > len(_CLOSED_LINK.findall(inside))
        if not link:
            return words if kind == rules.TEXT else f"<bdi>{words}</bdi>"
        words = f'<bdi dir="ltr">{words}</bdi>'
        return words if in_link else f'<a href="{escape(link)}">{words}</a>'


def _upwards(db: Work, language: str) -> list[str]:
    tree, found, step = tenants.tree(db), list[str](), language
    while step in tree and step not in found:
        found.append(step)
        step = tree[step].source or ""
    return [*found, *(one for one in tree if one not in found)]


def _without(html: str, mark: re.Match[str]) -> str:
    """The text without the smallest part around a mark, and without what has nothing in it then."""
    start, end = min(_parts(html, mark), key=lambda part: part[1] - part[0], default=(mark.start(), mark.end()))
    above, below = html[:start], html[end:]
    while (holder := _OPENED.search(above)) and (closed := re.match(rf"\s*</{holder[1]}>", below)):
        above, below = above[: holder.start()], below[closed.end() :]
    heading, next_ = _HEADING_ABOVE.search(above), _HEADING_BELOW.match(below)
    if heading is not None and next_ is not None and (next_[1] is None or next_[1] <= heading[1]):
        above = above[: heading.start()]
    return f"{above}{below}"


def _parts(html: str, mark: re.Match[str]) -> Sequence[tuple[int, int]]:
    found = []
    for tag in _AROUND:
        opens = [one.start() for one in re.finditer(rf"<{tag}\b", html[: mark.start()])]
        close = re.compile(rf"</{tag}>").search(html, mark.end())
        if opens and close and f"</{tag}>" not in html[opens[-1] : mark.start()]:
            found.append((opens[-1], close.end()))
    return found
