"""Onboarding: a new city made from another one."""

from .actions import CLONE, plan, request
from .catalogue import CARRIED, KINDS, LEFT_OUT, MADE_AGAIN
from .checks import faults
from .deleting import KEPT, UNDO, counts, delete_all, undo
from .facts import TenantCloned
from .jobs import clone
from .models import DONE, Clone, Origin, TextOrigin
from .queries import Source, clone_of, is_untouched, sources
from .types import Choices, CityDraft, Conflict, Outcome, Plan, Requested

__all__ = [
    "CARRIED",
    "CLONE",
    "DONE",
    "KEPT",
    "KINDS",
    "LEFT_OUT",
    "MADE_AGAIN",
    "UNDO",
    "Choices",
    "CityDraft",
    "Clone",
    "Conflict",
    "Origin",
    "Outcome",
    "Plan",
    "Requested",
    "Source",
    "TenantCloned",
    "TextOrigin",
    "clone",
    "clone_of",
    "counts",
    "delete_all",
    "faults",
    "is_untouched",
    "plan",
    "request",
    "sources",
    "undo",
]
