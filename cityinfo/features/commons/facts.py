"""What can happen in the commons."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOffered(Change):
    """Other cities may take a page, or take it on other terms."""

    needs: ClassVar[str] = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn(Change):
    """Other cities can no longer take a page. Those that have it keep it."""

    needs: ClassVar[str] = "publish"
