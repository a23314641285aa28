"""Opening hours as editors write them, and as they see them while writing."""

from .forms import FIELDS, Fields, kept, on_screen, shown, stepped, typed, weekdays
from .reading import Reading, now_in_words, reading
from .week import Opening, opening_of, rules_of

__all__ = [
    "FIELDS",
    "Fields",
    "Opening",
    "Reading",
    "kept",
    "now_in_words",
    "on_screen",
    "opening_of",
    "reading",
    "rules_of",
    "shown",
    "stepped",
    "typed",
    "weekdays",
]
