"""Decisions about published content. Pure: no session, no clock."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from cityinfo.kernel.errors import Gone, Invalid

_CURSOR = re.compile(r"(\d{1,19})-(\d{1,19})(?:-([a-z_]{1,40})-(\d{1,19}))?")
_HIGHEST = 2**63 - 1  # what a database can compare


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the feed: the last row that was delivered. Texts look like ``epoch-seq-kind-id``."""

    epoch: int
    seq: int
    kind: str = ""
    entry_id: int = 0

    def __str__(self) -> str:
        place = f"-{self.kind}-{self.entry_id}" if self.kind else ""
        return f"{self.epoch}-{self.seq}{place}"


def read_cursor(text: str, *, epoch: int, newest: int) -> Cursor:
    """The cursor behind a text; `Gone` when it cannot be continued and the follower must start again."""
    found = _CURSOR.fullmatch(text)
    if found is None or any(int(number) > _HIGHEST for number in found.group(1, 2, 4) if number):
        raise Invalid("feed.cursor", "That is no cursor; take the one from the last answer, or start without one.")
    cursor = Cursor(int(found[1]), int(found[2]), found[3] or "", int(found[4] or 0))
    if cursor.epoch != epoch or cursor.seq > newest:
        raise Gone("feed.gone", "This feed cannot be continued; start again without a cursor.")
    return cursor


class OutlineText(NamedTuple):  # a city has thousands of these, and a tuple is made three times as fast
    """Where an entry stands in one language."""

    slug: str
    v3_id: int
    former: tuple[str, ...] = ()
    written_in: str = ""  # another language, whose text stands in


class OutlineNode(NamedTuple):
    """A public entry: its parent, and every language it can be seen in."""

    id: int
    kind: str
    parent: int | None
    texts: Mapping[str, OutlineText]


class Outline:
    """All public entries of a kind without their words: paths, other languages, who is above whom.

    Never changes: what was published since makes another one, by `with_changes`. `notes` is where a face keeps what it
    has made of an entry's place; the next outline knows the notes on all entries whose place is still the same.
    """

    def __init__(self, nodes: Iterable[OutlineNode]) -> None:
        self._nodes = {node.id: node for node in nodes}
        self._paths: dict[int, Mapping[str, str]] = {}
        self._notes: dict[Hashable, dict[int, Any]] = {}

    def with_changes(self, nodes: Collection[OutlineNode], removed: Collection[int]) -> Outline:
        """What is public now that these entries came or changed, and those went."""
        after = Outline(())
        after._nodes = {**self._nodes, **{node.id: node for node in nodes}}
        for entry_id in removed:
            after._nodes.pop(entry_id, None)
        elsewhere = after._with_all_below({node.id for node in nodes}.union(removed))
        after._paths = _without(self._paths, elsewhere)
        after._notes = {name: _without(notes, elsewhere) for name, notes in self._notes.items()}
        return after

    def notes(self, name: Hashable) -> dict[int, Any]:
        """By entry, what someone wants to find again under this name."""
        return self._notes.setdefault(name, {})

    def node(self, entry_id: int) -> OutlineNode | None:
        return self._nodes.get(entry_id)

    def find(self, kind: str, language: str, slug: str) -> OutlineNode | None:
        """The entry that has this slug, or had it. Its own slug wins over one that stands in, that over a former."""
        return self._nodes.get(self._by_slug.get((kind, language, slug), 0))

    def path(self, entry_id: int, language: str) -> str | None:
        """Slugs from the first level down, joined by ``/``; None when the entry cannot be seen in that language."""
        return self.paths(entry_id).get(language)

    def paths(self, entry_id: int) -> Mapping[str, str]:
        """The entry's paths in all languages it can be seen in."""
        known = self._paths.get(entry_id)
        if known is None:
            known = self._paths[entry_id] = self._joined(self._nodes.get(entry_id))
        return known

    def ancestors(self, entry_id: int) -> list[OutlineNode]:
        """What stands above an entry, first level first."""
        found: list[OutlineNode] = []
        node = self._nodes.get(entry_id)
        while node is not None and node.parent is not None:
            node = self._nodes.get(node.parent)
            if node is not None:
                found.insert(0, node)
        return found

    def __iter__(self) -> Iterator[OutlineNode]:
        return iter(self._nodes.values())

    def _with_all_below(self, entry_ids: set[int]) -> set[int]:
        """These entries and all that hang below them: their paths lead through them."""
        found = set(entry_ids)
        below: dict[int | None, list[int]] = {}
        for node in self._nodes.values():
            below.setdefault(node.parent, []).append(node.id)
        waiting = [*found]
        while waiting:
            new = set(below.get(waiting.pop(), ())) - found
            found |= new
            waiting += new
        return found

    def _joined(self, node: OutlineNode | None) -> Mapping[str, str]:
        if node is None:
            return {}
        if node.parent is None:
            return {language: text.slug for language, text in node.texts.items()}
        above = self.paths(node.parent)
        return {
            language: f"{above[language]}/{text.slug}" for language, text in node.texts.items() if language in above
        }

    @cached_property
    def _by_slug(self) -> dict[tuple[str, str, str], int]:
        places = [(node, language, text) for node in self._nodes.values() for language, text in node.texts.items()]
        former = {(node.kind, language, slug): node.id for node, language, text in places for slug in text.former}
        standing_in = {(node.kind, language, text.slug): node.id for node, language, text in places if text.written_in}
        own = {(node.kind, language, text.slug): node.id for node, language, text in places if not text.written_in}
        return former | standing_in | own


def _without(known: Mapping[int, Any], entry_ids: Collection[int]) -> dict[int, Any]:
    return {entry_id: value for entry_id, value in known.items() if entry_id not in entry_ids}


def outline_node(document: Mapping[str, Any]) -> OutlineNode:
    """A node from its published document."""
    texts = {
        language: OutlineText(text["slug"], text["v3_id"], tuple(text.get("former", ())), text.get("written_in", ""))
        for language, text in document["texts"].items()
    }
    return OutlineNode(document["id"], document["kind"], document["parent"], texts)
