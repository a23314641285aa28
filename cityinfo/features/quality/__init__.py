"""Quality: what would make a text easier to read and to hear. It advises; a city may insist on some of it."""

from .actions import check_published, check_scheduled, set_gates
from .facts import GatesChanged
from .queries import findings, gates
from .readability import Readability, readability
from .rules import CAN_BE_GATES, MOST_YEAR, YEARS, Advice, Findings, Flaw, Gates

__all__ = [
    "CAN_BE_GATES",
    "MOST_YEAR",
    "YEARS",
    "Advice",
    "Findings",
    "Flaw",
    "Gates",
    "GatesChanged",
    "Readability",
    "check_published",
    "check_scheduled",
    "findings",
    "gates",
    "readability",
    "set_gates",
]
