"""Replacements: the same words changed in many texts at once, looked at before and taken back in one step."""

from .actions import Chosen, begin, note_undone, replace, take_back
from .models import Replaced, Replacement
from .queries import MOST_AT_ONCE, Hit, find, found, replaced, replacements
from .rules import MOST_WORDS, Wanted

__all__ = [
    "MOST_AT_ONCE",
    "MOST_WORDS",
    "Chosen",
    "Hit",
    "Replaced",
    "Replacement",
    "Wanted",
    "begin",
    "find",
    "found",
    "note_undone",
    "replace",
    "replaced",
    "replacements",
    "take_back",
]
