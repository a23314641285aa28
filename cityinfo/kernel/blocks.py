"""A text as the blocks it is made of: cut, compared with another version of itself, merged with two others.

Expects HTML that `html.sanitise` has returned. Nothing is ever left out: the blocks of a text, joined, are the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Generic, TypeVar

from . import html

_TAG = re.compile(r'<(/?)([a-z0-9-]+)(?:\s+[a-z-]+(?:="[^"]*")?)*\s*>')
_TOKEN = re.compile(rf"(?:{_TAG.pattern}|&[a-zA-Z0-9#]+;|\w+|\s+|.)", re.DOTALL)
_LIST = re.compile(r'\s*<(ul|ol)(?:\s+[a-z-]+(?:="[^"]*")?)*\s*>\s*')
_VOID = {"br", "hr", "img"}
_BLOCKS = {
    *"p h2 h3 h4 h5 h6 ul ol table section div blockquote figure details dl hr pre address iframe audio".split(),
    "contact-card",
}
Item = TypeVar("Item", bound=Hashable)


class Change(StrEnum):
    """What happened to a stretch of a sequence."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Step(Generic[Item]):
    """A stretch of two sequences: what stood there before, and what stands there now."""

    change: Change
    before: tuple[Item, ...]
    after: tuple[Item, ...]


class Whose(StrEnum):
    """Who changed a stretch of a common base. `BOTH` means in the same way."""

    NOBODY = "nobody"
    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Region(Generic[Item]):
    """A stretch of three sequences, two of which came from the first."""

    whose: Whose
    base: tuple[Item, ...]
    ours: tuple[Item, ...]
    theirs: tuple[Item, ...]

    @property
    def merged(self) -> tuple[Item, ...] | None:
        """What both sides together say; None where they contradict each other."""
        if self.whose is Whose.CONFLICT:
            return None
        return self.theirs if self.whose is Whose.THEIRS else self.ours


def blocks(text: str) -> list[str]:
    """The text cut at the edges of its outermost blocks. White space stays with what stands before it."""
    return _joined_space(_pieces(text, _BLOCKS))


def list_items(block: str) -> tuple[str, list[str], str] | None:
    """A list as what opens it, its items and what closes it, which joined are the list; None for any other block."""
    opens = _LIST.match(block)
    at = block.rfind("</")
    if opens is None or not block[at:].startswith(f"</{opens[1]}"):
        return None
    items = _joined_space(_pieces(block[opens.end() : at], {"li"}))
    if not items or not all(item.startswith("<li") for item in items):
        return None
    return opens[0], items, block[at:]


def compare(before: Sequence[Item], after: Sequence[Item]) -> list[Step[Item]]:
    """What turns one sequence into the other, in order."""
    names = {"equal": Change.SAME, "insert": Change.ADDED, "delete": Change.REMOVED, "replace": Change.REPLACED}
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        Step(names[name], tuple(before[start:end]), tuple(after[other:other_end]))
        for name, start, end, other, other_end in matcher.get_opcodes()
    ]


def compare_texts(before: str, after: str) -> list[Step[str]]:
    """As `compare`, by blocks. Blocks that say the same but for line breaks and order of attributes are the same."""
    old, new = blocks(before), blocks(after)
    steps = compare([html.digest("", one) for one in old], [html.digest("", one) for one in new])
    return _with_words(steps, old, new)


def marked(before: str, after: str) -> str:
    """The later text with what was added in ``<ins>`` and what was taken away in ``<del>``, word by word."""
    said: list[str] = []
    for step in compare(_tokens(before), _tokens(after)):
        if step.change is Change.SAME:
            said += step.after
        else:
            said += _wrapped("del", [token for token in step.before if not token.startswith("<")])
            said += _wrapped("ins", step.after)
    return "".join(said)


def merge(base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item]) -> list[Region[Item]]:
    """Both changes to a common base side by side, in order.

    Whatever one side alone changed is taken, also where the other one changed what stands next to it; where both
    changed the same stretch in different ways, or put something in at the same place, the region is a conflict.
    Joining the `ours` of all regions gives ours, likewise for the others.
    """
    found: list[Region[Item]] = []
    place, offsets = 0, [0, 0]
    for hunks in _clusters([*_hunks(base, ours, side=0), *_hunks(base, theirs, side=1)]):
        start, end = min(one.start for one in hunks), max(one.end for one in hunks)
        found += _untouched(base, ours, theirs, places=range(place, start), offsets=offsets)
        begins = [start + offset for offset in offsets]
        offsets = [offset + sum(one.grows for one in hunks if one.side == side) for side, offset in enumerate(offsets)]
        parts = (base[start:end], ours[begins[0] : end + offsets[0]], theirs[begins[1] : end + offsets[1]])
        base_part, our_part, their_part = (tuple(one) for one in parts)
        found.append(Region(_whose(base_part, our_part, their_part), base_part, our_part, their_part))
        place = end
    return found + _untouched(base, ours, theirs, places=range(place, len(base)), offsets=offsets)


@dataclass(frozen=True, slots=True)
class _Hunk:
    """What one side (0 or 1) put in place of a stretch of the base, which is empty where it only put something in."""

    start: int
    end: int
    side: int
    size: int

    @property
    def grows(self) -> int:
        return self.size - (self.end - self.start)

    def meets(self, other: _Hunk) -> bool:
        """Whether both would have to be decided about together."""
        if self.start < other.end and other.start < self.end:
            return True
        if self.end != other.start and other.end != self.start:
            return False
        both_grow = self.grows > 0 and other.grows > 0  # which of the two comes first?
        return both_grow or self._stands_at_gap(other) or other._stands_at_gap(self)

    def _stands_at_gap(self, other: _Hunk) -> bool:
        """What was put in beside something that is gone may have been said of it."""
        return self.start == self.end and other.grows < 0


def _hunks(base: Sequence[Item], changed: Sequence[Item], *, side: int) -> Iterator[_Hunk]:
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    for name, start, end, other, other_end in matcher.get_opcodes():
        if name != "equal":
            yield _Hunk(start, end, side, other_end - other)


def _clusters(hunks: Sequence[_Hunk]) -> Iterator[list[_Hunk]]:
    cluster: list[_Hunk] = []
    for hunk in sorted(hunks, key=lambda one: (one.start, one.end)):
        if cluster and not any(hunk.meets(one) for one in cluster if one.side != hunk.side):
            yield cluster
            cluster = []
        cluster.append(hunk)
    if cluster:
        yield cluster


def _untouched(
    base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item], *, places: range, offsets: Sequence[int]
) -> list[Region[Item]]:
    mine, other = offsets
    return [Region(Whose.NOBODY, (base[place],), (ours[place + mine],), (theirs[place + other],)) for place in places]


def _joined_space(found: Iterable[str]) -> list[str]:
    pieces: list[str] = []
    for piece in found:
        if pieces and not piece.strip():
            pieces[-1] += piece
        elif piece:
            pieces.append(piece)
    return pieces


def _pieces(text: str, cut_at: Collection[str]) -> Iterator[str]:
    start = depth = 0
    for tag in _TAG.finditer(text):
        closes, name = bool(tag[1]), tag[2]
        outermost = depth == 0 and not closes and name in cut_at
        if outermost:
            yield text[start : tag.start()]
            start = tag.start()
        if name not in _VOID:
            depth += -1 if closes else 1
        if depth == 0 and name in cut_at:
            yield text[start : tag.end()]
            start = tag.end()
    yield text[start:]


def _with_words(steps: Sequence[Step[str]], old: Sequence[str], new: Sequence[str]) -> list[Step[str]]:
    found, before, after = [], 0, 0
    for step in steps:
        until, then = before + len(step.before), after + len(step.after)
        found.append(Step(step.change, tuple(old[before:until]), tuple(new[after:then])))
        before, after = until, then
    return found


def _tokens(text: str) -> list[str]:
    return [token[0] for token in _TOKEN.finditer(text)]


def _wrapped(tag: str, tokens: Sequence[str]) -> Iterator[str]:
    """The words inside the tag; markup between them stays outside, so that it nests as before."""
    for is_markup, group in groupby(tokens, key=lambda token: token.startswith("<")):
        words = "".join(group)
        yield words if is_markup or not words.strip() else f"<{tag}>{words}</{tag}>"


def _whose(base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item]) -> Whose:
    if ours == theirs:
        return Whose.NOBODY if ours == base else Whose.BOTH
    if ours == base:
        return Whose.THEIRS
    return Whose.OURS if theirs == base else Whose.CONFLICT
