"""What can happen to a page beyond what happens to all content."""

from dataclasses import dataclass

from cityinfo.features.content import EntryChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMoved(EntryChanged):
    """A page, with all below it, stands elsewhere in the tree. No word of it changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMirrored(EntryChanged):
    """A page shows another page's live text, or no longer does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOffersChanged(EntryChanged):
    """Apps show other offers on the page, or the same ones in another way."""
