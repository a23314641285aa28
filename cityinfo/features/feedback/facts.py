"""What editors do with feedback."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackAnswered(Change):
    """A reader can read a reply."""

    needs: ClassVar[str] = "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRead(Change):
    """Someone has looked at it."""

    needs: ClassVar[str] = "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackArchived(Change):
    """It is out of the way."""

    needs: ClassVar[str] = "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackRestored(Change):
    """It is back in the list."""

    needs: ClassVar[str] = "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackForwarded(Change):
    """Someone else has been told; the feedback says who, as long as it is kept."""

    needs: ClassVar[str] = "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackTakenOver(Change):
    """It came with an archive of the city."""

    needs: ClassVar[str] = "edit"
