"""Decisions about what another city says. Pure: no session, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from cityinfo.features import content
from cityinfo.features.content import Wording

# What can be followed: words that stay true for long. News and dates are of one city.
FOLLOWED = frozenset({"page", "imprint", "offer", "organization", "location", "contact"})
TREE = "page"  # the kind that has a place, and of which new entries are offered


class Standing(StrEnum):
    """Where something received stands against what is here."""

    SAME = "same"  # nothing to decide
    WAITING = "waiting"  # decided; some of its links lead to what is not here yet
    NEW = "new"
    UNTOUCHED = "untouched"  # nobody has changed ours
    FITS = "fits"  # both changed, in different places
    CONFLICT = "conflict"
    MOVED = "moved"
    REMOVED = "removed"


OPEN = tuple(one.value for one in Standing if one not in (Standing.SAME, Standing.WAITING))
CLEAN = tuple(one.value for one in (Standing.NEW, Standing.UNTOUCHED, Standing.FITS, Standing.MOVED))

Place = tuple[int | None, str]  # a page's parent, and its position among its siblings


def weigh_text(base: Wording | None, ours: Wording | None, theirs: Wording) -> Standing:
    """What is to be decided about words: what theirs has become of `base`, and what ours has."""
    if ours is None:
        return Standing.NEW
    if theirs.digest in (ours.digest, base.digest if base else ""):
        return Standing.SAME
    if base is not None and ours.digest == base.digest:
        return Standing.UNTOUCHED
    merging = content.merge(base, ours, theirs)
    if merging.open:
        return Standing.CONFLICT
    return Standing.SAME if merging.result({}).digest == ours.digest else Standing.FITS


def weigh_place(base: Place, ours: Place, *, there: Place, here: Place) -> Standing:
    """What is to be decided about a page's place: `base` and `there` are the other city's, `ours` and `here` our own.

    A page that was moved here stays where it was put.
    """
    return Standing.MOVED if there != base and ours == here else Standing.SAME


def preceding(position: str, siblings: Sequence[tuple[int, str]]) -> int | None:
    """The sibling, of those that came from the same city, that stands last before a position there."""
    before = [(place, sibling) for sibling, place in siblings if place < position]
    return max(before)[1] if before else None
