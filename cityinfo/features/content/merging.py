"""Two texts that came from one: what both say, where they differ, and a text that says what was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cityinfo.kernel import blocks, html
from cityinfo.kernel.blocks import Region, Whose

OURS, THEIRS, BOTH = "ours", "theirs", "both"
TITLE = "title"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a text says: its title, and clean markup."""

    title: str
    content: str

    @property
    def digest(self) -> str:
        return html.digest(self.title, self.content)


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of both texts: some of its outermost blocks, or items of one of its lists.

    `around` is what opens and closes that list, for whoever shows the place alone. An `edge` is what opens or closes it
    in the text. Only what contradicts itself `is_open`: somebody has to decide.
    """

    name: str
    whose: Whose
    base: str
    ours: str
    theirs: str
    around: tuple[str, str] = ("", "")
    edge: bool = False

    @property
    def is_open(self) -> bool:
        return self.whose is Whose.CONFLICT

    @property
    def is_change(self) -> bool:
        """Whether anybody changed something here that fits by itself."""
        return self.whose in (Whose.OURS, Whose.THEIRS, Whose.BOTH)

    @property
    def is_title(self) -> bool:
        return self.name == TITLE

    @property
    def can_be_both(self) -> bool:
        """Whether both have something that can stand one after the other."""
        return not self.is_title and bool(self.ours) and bool(self.theirs)

    def chosen(self, choice: str) -> str:
        """What the place says after that decision, which counts only where one is needed."""
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
        return sum(place.is_change for place in (self.title, *self.places))

    def result(self, choices: Mapping[str, str]) -> Wording:
        """The text as decided; an open place without a choice says what ours says."""
        title = self.title.chosen(choices.get(self.title.name, OURS))
        return Wording(title, "".join(place.chosen(choices.get(place.name, OURS)) for place in self.places))


def merge(base: Wording | None, ours: Wording, theirs: Wording) -> Merging:
    """Both texts side by side. Without a common beginning every difference is decided about."""
    before = base or Wording("", "")
    (title,) = blocks.merge([before.title], [ours.title], [theirs.title])
    heading = Place(TITLE, title.whose, before.title, ours.title, theirs.title)
    sides = [blocks.blocks(html.sanitise(one.content)) for one in (before, ours, theirs)]
    places = [place for number, region in enumerate(_merged(sides)) for place in _places(f"c{number}", region)]
    return Merging(heading, places)


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of a text. Blocks that say the same but for white space are the same."""

    digest: str
    text: str = field(compare=False)


def _merged(sides: Sequence[Sequence[str]]) -> list[Region[_Block]]:
    base, ours, theirs = ([_Block(html.digest("", one), one) for one in side] for side in sides)
    return blocks.merge(base, ours, theirs)


def _places(name: str, region: Region[_Block]) -> Iterator[Place]:
    lists = _one_list(region) if region.whose is Whose.CONFLICT else None
    if lists is None:
        yield _place(name, region)
        return
    opens, sides, closes = lists
    yield Place(f"{name}-opens", Whose.NOBODY, opens, opens, opens, edge=True)
    for number, items in enumerate(_merged(sides)):
        yield _place(f"{name}-{number}", items, around=(opens, closes))
    yield Place(f"{name}-closes", Whose.NOBODY, closes, closes, closes, edge=True)


def _one_list(region: Region[_Block]) -> tuple[str, list[list[str]], str] | None:
    """The items on each side, where both changed the same list."""
    sides = [region.base, region.ours, region.theirs]
    found = [blocks.list_items(side[0].text) if len(side) == 1 else None for side in sides]
    lists = [one for one in found if one is not None]
    if len(lists) < len(sides) or len({(opens.strip(), closes.strip()) for opens, _, closes in lists}) > 1:
        return None
    return lists[1][0], [items for _, items, _ in lists], lists[1][2]


def _place(name: str, region: Region[_Block], *, around: tuple[str, str] = ("", "")) -> Place:
    return Place(name, region.whose, _joined(region.base), _joined(region.ours), _joined(region.theirs), around)


def _joined(parts: Sequence[_Block]) -> str:
    return "".join(part.text for part in parts)
