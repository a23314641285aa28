"""Words that updates from a template are spoken of with."""

from __future__ import annotations

from collections.abc import Collection

from cityinfo.features import upstream
from cityinfo.features.upstream import Standing
from cityinfo.kernel.i18n import _

# What needs somebody most stands for the whole entry.
_FIRST = (
    Standing.CONFLICT,
    Standing.NEW,
    Standing.REMOVED,
    Standing.MOVED,
    Standing.FITS,
    Standing.UNTOUCHED,
)


def standings() -> dict[Standing, str]:
    """Where something stands, in the order in which lists offer it."""
    return {
        Standing.CONFLICT: _("please decide"),
        Standing.FITS: _("fits by itself"),
        Standing.UNTOUCHED: _("unchanged with you"),
        Standing.NEW: _("new page"),
        Standing.MOVED: _("moved"),
        Standing.REMOVED: _("withdrawn"),
    }


def signs() -> dict[Standing, str]:
    """The sign of each."""
    return {
        Standing.CONFLICT: "bad",
        Standing.FITS: "review",
        Standing.UNTOUCHED: "current",
        Standing.NEW: "draft",
        Standing.MOVED: "review",
        Standing.REMOVED: "off",
    }


def verdicts() -> dict[str, str]:
    """What became of it."""
    return {upstream.ACCEPTED: _("accepted"), upstream.KEPT: _("kept ours")}


def first(found: Collection[Standing]) -> Standing:
    """The one of these that is to be seen first."""
    return next(one for one in _FIRST if one in found)
