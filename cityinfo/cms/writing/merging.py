"""Two texts that came from one: what both say, where they differ, and a text that says what was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from cityinfo.kernel import blocks, html
from cityinfo.kernel.blocks import Region, Whose

OURS, THEIRS, BOTH = "ours", "theirs", "both"
TITLE = "title"


@dataclass(frozen=True, slots=True)
class Words:
    """What a text says."""

    title: str
    content: str


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a text. Blocks that say the same but for white space are the same."""

    digest: str
    text: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of both texts. Without a `name` nobody needs to decide about it."""

    name: str
    whose: Whose
    base: str
    ours: str
    theirs: str

    @property
    def is_open(self) -> bool:
        return self.whose is Whose.CONFLICT

    @property
    def can_be_both(self) -> bool:
        """Whether both have something that can stand one after the other."""
        return not self.is_title and bool(self.ours) and bool(self.theirs)

    @property
    def is_title(self) -> bool:
        return self.name == TITLE

    def shown(self, side: str) -> Markup:
        """One side with what it changed, for people to compare."""
        said = getattr(self, side)
        return readable(
            blocks.marked(escape(self.base), escape(said)) if self.is_title else blocks.marked(self.base, said)
        )

    def chosen(self, choice: str) -> str:
        if not self.is_open:
            return self.theirs if self.whose is Whose.THEIRS else self.ours
        return {OURS: self.ours, THEIRS: self.theirs, BOTH: self.ours + self.theirs}[choice]


@dataclass(frozen=True, slots=True)
class Merging:
    """A title and the places of a text, in order."""

    title: Place
    places: Sequence[Place]

    @property
    def open(self) -> list[Place]:
        """Where someone decides."""
        return [place for place in (self.title, *self.places) if place.is_open]

    @property
    def settled(self) -> int:
        """How many changes fit together by themselves."""
        return sum(one.whose in (Whose.OURS, Whose.THEIRS, Whose.BOTH) for one in (self.title, *self.places))

    def result(self, choices: Mapping[str, str]) -> Words:
        """The text as decided; every open place has a choice."""
        title = self.title.chosen(choices.get(self.title.name, OURS))
        return Words(title, "".join(place.chosen(choices.get(place.name, OURS)) for place in self.places))


def merge(base: Words | None, ours: Words, theirs: Words) -> Merging:
    """Both texts side by side. Without a common beginning every difference is decided about."""
    before = base or Words("", "")
    (title,) = blocks.merge([before.title], [ours.title], [theirs.title])
    regions = blocks.merge(*(_blocks(one.content) for one in (before, ours, theirs)))
    heading = Place(TITLE, title.whose, before.title, ours.title, theirs.title)
    return Merging(heading, [_place(number, region) for number, region in enumerate(regions)])


def readable(text: str) -> Markup:
    """A text of ours to look at: without links to follow, and without what would be fetched."""
    quiet = html.without_embedded(html.replace_links(text, lambda _: None))
    return Markup(quiet)  # noqa: S704 - both sides were sanitised; `marked` adds <ins> and <del> alone


def _blocks(content: str) -> list[Block]:
    return [Block(html.digest("", one), one) for one in blocks.blocks(html.sanitise(content))]


def _place(number: int, region: Region[Block]) -> Place:
    return Place(f"c{number}", region.whose, _joined(region.base), _joined(region.ours), _joined(region.theirs))


def _joined(parts: Sequence[Block]) -> str:
    return "".join(part.text for part in parts)
