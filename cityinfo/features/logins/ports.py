"""What logins need from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to one person, in plain text. `reference` makes a second copy of it known as such."""

    to: str
    subject: str
    text: str
    language: str
    reference: str
    reply_to: str = ""
    sender: str = ""  # the name before the address that all letters come from


class Mailer(Protocol):
    """Sends mail."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over. `Unavailable` when it may succeed later, `Invalid` when it never will."""
        ...
