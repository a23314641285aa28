"""A text as the passages people translate: its blocks, and of a list every item by itself. Pure.

Expects HTML that `html.sanitise` has returned. The passages of a text, joined, are the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from markupsafe import escape

from cityinfo.kernel import blocks, html

_EMBEDDED = re.compile(r"<(?:img|audio|iframe|contact-card|hr)\b")
_TAG = re.compile(r"\s*<([a-z0-9-]+)")
_LIST_TAG = re.compile(r"<(ul|ol)\b")


@dataclass(frozen=True, slots=True)
class Frame:
    """The list that an item stands in. Items of one `name` stand in one list."""

    name: str
    opens: str
    closes: str

    @property
    def tag(self) -> str:
        found = _LIST_TAG.search(self.opens)
        return found[1] if found else ""


@dataclass(frozen=True)
class Passage:
    """Something to translate at once: `words` is its HTML."""

    words: str
    frame: Frame | None = None
    is_title: bool = False

    @cached_property
    def digest(self) -> str:
        return html.digest(self.plain, "") if self.is_title else html.digest("", self.words)

    @cached_property
    def plain(self) -> str:
        """The words alone."""
        return html.plain_text(self.words)

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to read or see in it."""
        return not self.plain.replace("\xa0", "").strip() and not _EMBEDDED.search(self.words)

    @property
    def has_words(self) -> bool:
        return any(one.isalpha() for one in self.plain)

    @property
    def tag(self) -> str:
        found = _TAG.match(self.words)
        return found[1] if found else ""


def title_passage(title: str) -> Passage:
    return Passage(str(escape(title)), is_title=True)


def cut(text: str) -> list[Passage]:
    """The passages of a text, in order."""
    found: list[Passage] = []
    for number, block in enumerate(_whole_blocks(text)):
        items = blocks.list_items(block)
        if items is None:
            found.append(Passage(block))
        else:
            opens, inside, closes = items
            found += [Passage(item, Frame(str(number), opens, closes)) for item in inside]
    return found


def joined(passages: Iterable[Passage]) -> str:
    """The text that these passages make; items that follow each other in one frame stand in one list."""
    said: list[str] = []
    frame: Frame | None = None
    for passage in passages:
        if not passage.words:
            continue
        if passage.frame != frame:
            said.append(frame.closes if frame else "")
            said.append(passage.frame.opens if passage.frame else "")
            frame = passage.frame
        said.append(passage.words)
    return "".join([*said, frame.closes if frame else ""])


def _whole_blocks(text: str) -> list[str]:
    found = blocks.blocks(text)
    if len(found) > 1 and not found[0].strip():
        found[:2] = [found[0] + found[1]]
    return found
