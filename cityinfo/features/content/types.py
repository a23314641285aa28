"""What a content type tells the parts that work on all content."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor


@dataclass(frozen=True, slots=True)
class Document:
    """What the public sees of an entry in one language; `body` becomes its JSON.

    `parts` are within the body: each has a `content` of its own, in the same language.
    """

    entry_id: int
    language: str
    body: dict[str, Any]
    parts: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Projection:
    """Everything the public sees of some entries, and the moments at which that will change by itself.

    An entry's outline is the same in all languages: its parent, and its slugs in the languages it can be seen in.
    An entry that is missing here is not public.
    """

    documents: list[Document] = field(default_factory=list)
    outlines: dict[int, dict[str, Any]] = field(default_factory=dict)
    due: dict[int, set[datetime]] = field(default_factory=dict)


def none_falls_back(_db: Work, _entry_ids: Collection[int]) -> Collection[int]:
    """For types whose entries are only ever shown in languages they are written in."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentType:
    """A kind of content. Publishing, search and translation walk the table of these and import none of them.

    `affected` widens changed entries to all whose documents may differ now; with `widely`, to those whose being public
    depends on them too. `project` computes outlines over the `active` languages and documents in `languages`.
    `all_ids` lists every entry. `pass_time` does what an entry's schedule says has come. `one_language` says that
    a text shows in its own language only, so that no other one needs a look when it changes. `path` is what the slugs
    of its entries stand behind in every address, with a slash at its end. `falls_back` picks the entries that are shown
    in the nearest source language where their own text is missing.
    """

    kind: str
    affected: Callable[[Work, Collection[int], bool], set[int]]
    project: Callable[[Work, Collection[int], Collection[str], Collection[str]], Projection]
    all_ids: Callable[[Work], Iterable[int]]
    pass_time: Callable[[Work, int, datetime, Actor], None]
    one_language: bool = False
    path: str = ""
    falls_back: Callable[[Work, Collection[int]], Collection[int]] = none_falls_back


# Writes out what stands in texts by its identity: contents in a language, returned in the same order.
Writer = Callable[[Work, str, Sequence[str]], list[str]]
# Adds to documents what stands below their words, in place.
Finisher = Callable[[Work, Sequence[Document]], None]
