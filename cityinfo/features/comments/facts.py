"""What can happen to comments. `kind`, `entry_id` and `language` name the text they are about."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentWritten(Change):
    """Someone said something about a text, or answered."""

    needs: ClassVar[str] = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentChanged(Change):
    """Its author says it in other words."""

    needs: ClassVar[str] = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDeleted(Change):
    """Its author took it back."""

    needs: ClassVar[str] = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsHandedOver(Change):
    """A thread that waited for someone who leaves waits for a colleague."""

    needs: ClassVar[str] = "people:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsResolved(Change):
    """What a thread is about has been dealt with."""

    needs: ClassVar[str] = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsReopened(Change):
    """It has not been dealt with after all."""

    needs: ClassVar[str] = "comment"
