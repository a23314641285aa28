"""A text and its translation side by side, passage by passage. Pure.

Nobody notes which passage became which while they translate. What is known is the source as it was then and as it is
now, the translation, and what translators have said of single passages since. From the source of then to that of now
the words lead; from the source of then to the translation its shape does: kinds of blocks, numbers, links, lengths.
Every passage of both sides stands in exactly one row, whatever was taken for what.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from cityinfo.kernel import blocks, html
from cityinfo.kernel.blocks import Change

from .passages import Frame, Passage, cut, joined, title_passage

_NUMBERS = re.compile(r"\d+")
_ALIKE = 0.3  # share of words below which a changed passage is another one
_GAP = -1.0
_NEVER = -3.0  # worse than two gaps
_MOST_COMPARED = 90_000  # pairs; beyond, passages are taken for what stands at the same place
_MEMORY = 100.0

Links = dict[int, int]


class Why(StrEnum):
    """Why a row is open, or that it is not."""

    SETTLED = "settled"
    CHANGED = "changed"  # the source says something else now
    NEW = "new"  # the source has added it
    REMOVED = "removed"  # the source no longer says it
    MACHINE = "machine"  # nobody has looked at it
    UNSURE = "unsure"  # nobody has said which source it was made from


@dataclass(frozen=True, slots=True)
class Said:
    """What a translator has said: these words of the translation stand for those of the source, both by digest.

    Without a source they stand there although the source does not say it. `settled` when nothing is left to do.
    """

    source: str
    target: str
    settled: bool


@dataclass(frozen=True)
class Row:
    """A passage of the source as it is `now` and as it was when it was translated, beside its translation."""

    now: Passage | None
    before: Passage | None
    target: Passage | None
    frame: Frame | None
    why: Why = Why.SETTLED

    @property
    def is_open(self) -> bool:
        return self.why is not Why.SETTLED

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to see; empty paragraphs are carried along unseen."""
        return any(one is not None and not one.is_silent for one in (self.now, self.target))

    @property
    def source(self) -> str:
        """The digest of what the source says now; empty when it says nothing."""
        return self.now.digest if self.now else ""


@dataclass(frozen=True)
class Side:
    """A version of a text: its title and its content."""

    title: str
    content: str


@dataclass(frozen=True)
class Alignment:
    """A title and the passages of a text, in the order of the source."""

    title: Row
    rows: Sequence[Row]

    @property
    def shown(self) -> list[Row]:
        return [row for row in (self.title, *self.rows) if row.is_shown]

    @property
    def open(self) -> list[Row]:
        return [row for row in self.shown if row.is_open]

    @property
    def content(self) -> str:
        """The translation, in the order of the rows."""
        return joined(row.target for row in self.rows if row.target is not None)


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a translation. `before` is the source it was made from, if that is one we have."""

    now: Side
    before: Side | None = None
    target: Side | None = None
    said: Collection[Said] = ()
    machine: bool = False

    @cached_property
    def settled(self) -> set[tuple[str, str]]:
        return {(one.source, one.target) for one in self.said if one.settled}

    @cached_property
    def remembered(self) -> set[tuple[str, str]]:
        return {(one.source, one.target) for one in self.said if one.source}


def align(known: Known) -> Alignment:
    """Both sides, row by row."""
    target = known.target or Side("", "")
    title = Row(
        title_passage(known.now.title),
        title_passage(known.before.title) if known.before else None,
        title_passage(target.title) if target.title else None,
        None,
    )
    table = _Table(
        cut(known.now.content),
        None if known.before is None else cut(known.before.content),
        cut(target.content),
        known.remembered,
    )
    return Alignment(_judged(title, known), [_judged(row, known) for row in table.rows()])


@dataclass
class _Table:
    now: list[Passage]
    before: list[Passage] | None
    target: list[Passage]
    remembered: Collection[tuple[str, str]]
    lists: dict[str, Frame] = field(default_factory=dict)  # list of the source → that of the translation

    def rows(self) -> list[Row]:
        origin = _versions_linked(self.before, self.now) if self.before is not None else {}
        to_target, then = self._targets(origin)
        self.lists = self._lists(to_target)
        rows: list[tuple[int | None, Row]] = []  # with the place of its words in the translation, if it has any
        for place, passage in enumerate(self.now):
            before = self.before[origin[place]] if self.before and place in origin else None
            stands = to_target.get(place)
            rows.append((stands, self._row(passage, before, stands)))
        for at in sorted(set(range(len(self.target))) - set(to_target.values())):
            gone = self.before[then[at]] if self.before and at in then else None
            row = Row(None, gone, self.target[at], self.target[at].frame)
            rows.insert(next((one + 1 for one, (other, _) in enumerate(rows) if other == at - 1), 0), (at, row))
        return [row for _, row in rows if row.target is not None or not (row.now and row.now.is_silent)]

    def _row(self, now: Passage, before: Passage | None, at: int | None) -> Row:
        if at is not None:
            return Row(now, before, self.target[at], self.target[at].frame)
        return Row(now, before, None, self._frame(now.frame))

    def _targets(self, origin: Mapping[int, int]) -> tuple[Links, Links]:
        """Where every passage of now stands in the translation, and what passages of then the others were."""
        told = _told(self.now, self.target, self.remembered)
        if self.before is None:
            return {**_shapes_linked(self.now, self.target, told), **told}, {}
        shapes = _shapes_linked(self.before, self.target, {origin[n]: t for n, t in told.items() if n in origin})
        found = dict(told)
        for place, then in origin.items():
            if place not in found and then in shapes and shapes[then] not in found.values():
                found[place] = shapes[then]
        return found, {at: then for then, at in shapes.items()}

    def _lists(self, to_target: Mapping[int, int]) -> dict[str, Frame]:
        found: dict[str, Frame] = {}
        for place, at in to_target.items():
            frames = self.now[place].frame, self.target[at].frame
            if frames[0] and frames[1]:
                found.setdefault(frames[0].name, frames[1])
        return found

    def _frame(self, source: Frame | None) -> Frame | None:
        """The list that a new item belongs to."""
        if source is None:
            return None
        return self.lists.get(source.name) or replace(source, name=f"new-{source.name}")


def _told(now: Sequence[Passage], target: Sequence[Passage], remembered: Collection[tuple[str, str]]) -> Links:
    """What translators have said themselves."""
    places: dict[str, list[int]] = {}
    for place, passage in enumerate(now):
        places.setdefault(passage.digest, []).append(place)
    wanted = {target_digest: source for source, target_digest in remembered}
    found: Links = {}
    for at, passage in enumerate(target):
        waiting = places.get(wanted.get(passage.digest, ""), [])
        if waiting:
            found[waiting.pop(0)] = at
    return found


def _versions_linked(before: Sequence[Passage], now: Sequence[Passage]) -> Links:
    """From passages of now to what they were: the same words, wherever they stand, then similar ones."""
    found: Links = {}
    after = 0
    gaps: list[tuple[list[int], list[int]]] = []
    steps = blocks.compare([one.digest for one in before], [one.digest for one in now])
    start = 0
    for step in steps:
        old = list(range(start, start + len(step.before)))
        new = list(range(after, after + len(step.after)))
        start, after = start + len(old), after + len(new)
        if step.change is Change.SAME:
            found.update(zip(new, old, strict=True))
        else:
            gaps.append((old, new))
    _link_moved(before, now, gaps, found)
    for old, new in gaps:
        found.update(_similar(before, now, old, new))
    return found


def _link_moved(
    before: Sequence[Passage], now: Sequence[Passage], gaps: list[tuple[list[int], list[int]]], found: Links
) -> None:
    waiting: dict[str, list[tuple[list[int], int]]] = {}
    for old, _ in gaps:
        for then in old:
            waiting.setdefault(before[then].digest, []).append((old, then))
    for _, new in gaps:
        for place in list(new):
            if waiting.get(now[place].digest):
                old, then = waiting[now[place].digest].pop(0)
                old.remove(then)
                new.remove(place)
                found[place] = then


def _similar(before: Sequence[Passage], now: Sequence[Passage], old: Sequence[int], new: Sequence[int]) -> Links:
    ours, theirs = [_words(before[one]) for one in old], [_words(now[one]) for one in new]

    def alike(one: int, other: int) -> float:
        if (before[old[one]].frame is None) != (now[new[other]].frame is None):
            return _NEVER
        many = ours[one].total() + theirs[other].total()
        share = 2 * (ours[one] & theirs[other]).total() / many if many else 1.0
        return share if share >= _ALIKE else _NEVER

    return {new[other]: old[one] for one, other in _in_order(len(old), len(new), alike)}


def _words(passage: Passage) -> Counter[str]:
    return Counter(passage.plain.casefold().split())


def _shapes_linked(source: Sequence[Passage], target: Sequence[Passage], told: Mapping[int, int]) -> Links:
    """From passages of the source to those of a translation made from it."""
    shapes, others = [_Shape.of(one) for one in source], [_Shape.of(one) for one in target]
    taken = set(told.values())

    def alike(place: int, at: int) -> float:
        if place in told or at in taken:
            return _MEMORY if told.get(place) == at else _NEVER
        return shapes[place].likeness(others[at])

    pairs = _in_order(len(source), len(target), alike)
    return {**dict(pairs), **told}


@dataclass(frozen=True)
class _Shape:
    """What a passage keeps when it is translated."""

    tag: str
    is_silent: bool
    digest: str
    marks: frozenset[str]
    length: int

    @classmethod
    def of(cls, passage: Passage) -> _Shape:
        links = {f"{address}" for address in html.links(passage.words)}
        shown = {f"{role}:{entry_id}" for role, entry_id in html.shown(passage.words)}
        numbers = set(_NUMBERS.findall(passage.plain))
        tag = passage.tag
        return cls(tag, passage.is_silent, passage.digest, frozenset(links | shown | numbers), len(passage.plain))

    def likeness(self, other: _Shape) -> float:
        if self.is_silent != other.is_silent:
            return _NEVER
        score = _kinds_alike(self.tag, other.tag)
        if self.marks or other.marks:
            score += 3 * len(self.marks & other.marks) / len(self.marks | other.marks)
        longest = max(self.length, other.length)
        score += min(self.length, other.length) / longest if longest else 1.0
        return score + (3 if self.digest == other.digest else 0)


def _kinds_alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if {one[:1], other[:1]} == {"h"}:
        return 0.5
    return -1.5 if "li" not in (one, other) and "table" not in (one, other) else -2.5


def _in_order(many: int, others: int, alike: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """The pairs, none crossing another, that are most alike together."""
    if many * others > _MOST_COMPARED:
        return [(one, one) for one in range(min(many, others))]
    best = [[_GAP * (one + other) for other in range(others + 1)] for one in range(many + 1)]
    scores = [[alike(one, other) for other in range(others)] for one in range(many)]
    for one in range(1, many + 1):
        for other in range(1, others + 1):
            best[one][other] = max(
                best[one - 1][other - 1] + scores[one - 1][other - 1],
                best[one - 1][other] + _GAP,
                best[one][other - 1] + _GAP,
            )
    return _way_back(best, scores)


def _way_back(best: Sequence[Sequence[float]], scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    one, other = len(best) - 1, len(best[0]) - 1
    while one and other:
        if best[one][other] == best[one - 1][other - 1] + scores[one - 1][other - 1]:
            one, other = one - 1, other - 1
            found.append((one, other))
        elif best[one][other] == best[one - 1][other] + _GAP:
            one -= 1
        else:
            other -= 1
    return found


def _judged(row: Row, known: Known) -> Row:
    return replace(row, why=_why(row, known))


def _why(row: Row, known: Known) -> Why:
    now, target = row.now, row.target
    if (row.source, target.digest if target else "") in known.settled:
        return Why.SETTLED
    if target is not None and (target.is_silent or (now and not now.has_words and now.digest == target.digest)):
        return Why.SETTLED
    if now is None:
        return _why_alone(row, known)
    if target is None:
        return Why.SETTLED if _is_unchanged(row) and known.target and not known.machine else Why.NEW
    if known.before is None:
        return Why.UNSURE
    if row.before is None:
        return Why.NEW
    if not _is_unchanged(row):
        return Why.CHANGED
    return Why.MACHINE if known.machine else Why.SETTLED


def _why_alone(row: Row, known: Known) -> Why:
    """Words that the source says nothing of: it may have done so once, or the translator knows why they are there."""
    if row.before is not None:
        return Why.REMOVED
    if known.before is None:
        return Why.UNSURE
    return Why.MACHINE if known.machine else Why.SETTLED


def _is_unchanged(row: Row) -> bool:
    return row.now is not None and row.before is not None and row.now.digest == row.before.digest
