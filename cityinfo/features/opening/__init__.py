"""Opening: what a new city still lacks before readers are shown it, and showing it."""

from .actions import go_live, note_shown, tick_test
from .facts import CityShown, CityTested
from .models import Opening
from .queries import Checklist, LanguageState, checklist, is_new, may_go_live, steps_left
from .rules import FACTS, IMPRINT, LANGUAGES, MANAGERS, STEPS, TEST

__all__ = [
    "FACTS",
    "IMPRINT",
    "LANGUAGES",
    "MANAGERS",
    "STEPS",
    "TEST",
    "Checklist",
    "CityShown",
    "CityTested",
    "LanguageState",
    "Opening",
    "checklist",
    "go_live",
    "is_new",
    "may_go_live",
    "note_shown",
    "steps_left",
    "tick_test",
]
