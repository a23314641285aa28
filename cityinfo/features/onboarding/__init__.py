"""Onboarding: a new city made from another one."""

from .actions import CLONE, plan, request
from .catalogue import AUTHOR, CARRIED, KINDS, LEFT_OUT, MADE_AGAIN
from .checks import faults
from .deleting import KEPT, UNDO, counts, delete_all, undo
from .facts import TenantCloned
from .jobs import clone
from .markup import references, rewritten
from .models import DONE, Clone, Origin, TextOrigin
from .queries import (
    clone_of,
    is_being_made,
    is_untouched,
)
from .types import Choices, CityDraft, Conflict, Outcome, Plan, Requested

__all__ = [
    "AUTHOR",
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
    "TenantCloned",
    "TextOrigin",
    "clone",
    "clone_of",
    "counts",
    "delete_all",
    "faults",
    "is_being_made",
    "is_untouched",
    "plan",
    "references",
    "request",
    "rewritten",
    "undo",
]
