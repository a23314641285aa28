"""What can happen to announcements."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementChanged(Change):
    """An announcement is new, says something else, or ends earlier or later."""

    needs: ClassVar[str] = "platform:manage"
