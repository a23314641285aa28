"""What happens to calendars that are imported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAdded(Change):
    """Events of a calendar elsewhere are taken over from now on."""

    needs: ClassVar[str] = "manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarChanged(Change):
    """A calendar is taken over in another way."""

    needs: ClassVar[str] = "manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRemoved(Change):
    """A calendar is no longer taken over."""

    needs: ClassVar[str] = "manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarImported(Change):
    """A run has ended; the digests are of its result and of that before."""

    needs: ClassVar[str] = "manage"
