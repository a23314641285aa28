"""What can happen between a city and the one it follows."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDecided(Change):
    """Something received was taken, or ours was kept; `note` says which. The words are told by facts of their own."""

    needs: ClassVar[str] = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDetached(Change):
    """An entry follows nobody any more."""

    needs: ClassVar[str] = "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSubscribed(Change):
    """A page of another city is to come here; `note` says whose. The page here is told of by facts of its own."""

    needs: ClassVar[str] = "create"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionChanged(Change):
    """What is new of a page of another city is shown here at once, or waits for somebody; `note` says which."""

    needs: ClassVar[str] = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionEnded(Change):
    """Nothing new of a page of another city comes any more."""

    needs: ClassVar[str] = "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowingChanged(Change):
    """The city follows another one, no longer does, or does so in another way; `note` says which."""

    needs: ClassVar[str] = "settings:manage"
