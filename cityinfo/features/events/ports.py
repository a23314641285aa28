"""What importing calendars needs of the outside world."""

from __future__ import annotations

from typing import Protocol


class CalendarSource(Protocol):
    """Fetches calendars from addresses that editors name, and from nowhere in the internal network."""

    def fetch(self, address: str, *, most: int) -> bytes:
        """The whole file; `Invalid` when there is none, it has more bytes or the address leads inside.

        Raises `Unavailable` when nobody answers.
        """
        ...
