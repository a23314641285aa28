"""What webhooks need from outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Sender(Protocol):
    """Hands messages to servers elsewhere."""

    def send(self, address: str, body: bytes, *, headers: Mapping[str, str]) -> int:
        """The status it answers with, whatever it is; redirects are not followed.

        `Unavailable` when it does not answer, `Invalid` when the address may not be asked.
        """
        ...


class Safe(Protocol):
    """Hides secrets that must be read again."""

    def hide(self, secret: str) -> str:
        """The secret as it may be kept in a table."""
        ...

    def reveal(self, hidden: str) -> str:
        """The secret; `Invalid` when it was hidden with another key."""
        ...
