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
    """Someone else has been told."""

    needs: ClassVar[str] = "edit"
