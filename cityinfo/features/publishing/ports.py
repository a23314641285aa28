"""What publishing asks of the outside world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a printed document: how deep it stands, from 1, its title, and its words as sanitised HTML."""

    level: int
    title: str
    content: str


class Typesetter(Protocol):
    """Turns words into a document for printing."""

    def pdf(self, title: str, chapters: Sequence[Chapter], *, language: str, rtl: bool) -> bytes:
        """A PDF with a table of contents; `Invalid` when it is in a script for which there are no letters here."""
        ...
