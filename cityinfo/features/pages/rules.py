"""Decisions about pages. Pure: no session, no clock."""

from __future__ import annotations

import enum
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence

from fractional_indexing import generate_key_between

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

# First segments below a language that readers' apps use themselves.
RESERVED_SLUGS = frozenset("disclaimer events imprint locations news offers places search".split())


class Place(enum.Enum):
    """Where among its siblings, when not after a certain one."""

    FIRST = "first"
    LAST = "last"


class Way(enum.StrEnum):
    """One step through the tree, as arrow keys say it."""

    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


def check_first_level_slug(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise Invalid(
            "page.slug_reserved",
            say("The address “{slug}” is reserved on the first level; choose another one.", slug=slug),
        )


def check_may_sit_under(page_id: int, path_to_target: Sequence[int]) -> None:
    """A page cannot hang under itself or under what hangs under it."""
    if page_id in path_to_target:
        raise Invalid("page.under_itself", "A page cannot be moved below itself.")


def longest_rising(items: Sequence[int], *, key: Callable[[int], tuple[str, int]]) -> list[int]:
    """As many of the items as possible, in the order given, so that their keys rise."""
    tails: list[tuple[str, int]] = []
    chains: list[list[int]] = []
    for item in items:
        place = bisect_left(tails, key(item))
        chain = [*(chains[place - 1] if place else []), item]
        tails[place : place + 1] = [key(item)]
        chains[place : place + 1] = [chain]
    return chains[-1] if chains else []


def position_for(siblings: Sequence[tuple[int, str]], after: int | Place) -> str:
    """A position after that sibling; `siblings` are identities and positions in order, without the page itself."""
    if after is Place.FIRST:
        index = 0
    elif after is Place.LAST:
        index = len(siblings)
    else:
        ids = [sibling for sibling, _ in siblings]
        if after not in ids:
            raise Invalid(
                "page.not_a_sibling",
                say("Page {after} does not stand there any more; look at the tree again.", after=after),
            )
        index = ids.index(after) + 1
    before = siblings[index - 1][1] if index else None
    behind = siblings[index][1] if index < len(siblings) else None
    position: str = generate_key_between(before, behind)
    return position


def step(
    page_id: int, siblings: Sequence[int], way: Way, *, parent: int | None
) -> tuple[int | None, int | Place] | None:
    """Under which page and after which one a page stands after a step; None where there is no step that way.

    `siblings` are those that are shown, the page among them. A step out leads under the parent's own parent, which only
    the caller knows: it is told by the parent as the page to stand after.
    """
    at = siblings.index(page_id)
    if way is Way.UP:
        return (parent, siblings[at - 2] if at > 1 else Place.FIRST) if at else None
    if way is Way.DOWN:
        return (parent, siblings[at + 1]) if at + 1 < len(siblings) else None
    if way is Way.IN:
        return (siblings[at - 1], Place.LAST) if at else None
    return (None, parent) if parent is not None else None


def path_upwards(page_id: int | None, parents: Mapping[int, int | None]) -> list[int]:
    """The page and its ancestors, the page first."""
    path: list[int] = []
    while page_id is not None and page_id not in path:
        path.append(page_id)
        page_id = parents.get(page_id)
    return path
