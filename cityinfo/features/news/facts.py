"""What can happen to news beside what can happen to all content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.features.content import EntryChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChanged(EntryChanged):
    """The city shows a feed of others, or no longer does; told of the feed and of each of its items."""

    needs: ClassVar[str] = "manage"
