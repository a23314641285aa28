"""Onboarding: a new city made from another one."""

from .actions import CLONE, plan, request
from .catalogue import AUTHOR, CARRIED, KINDS, LEFT_OUT, MADE_AGAIN
from .checks import faults
from .choosing import ARCHIVED, BELOW, ELSEWHERE, NOT_CHOSEN
from .deleting import KEPT, UNDO, counts, delete_all, undo
from .facts import TenantCloned
from .jobs import clone
from .markup import references, rewritten
from .models import DONE, Clone, Origin, TextOrigin
from .queries import Source, came_from, clone_of, is_being_made, is_template, is_untouched, sources
from .types import Choices, CityDraft, Conflict, Outcome, Plan, Requested

__all__ = [
    "ARCHIVED",
    "AUTHOR",
    "BELOW",
    "CARRIED",
    "CLONE",
    "DONE",
    "ELSEWHERE",
    "KEPT",
    "KINDS",
    "LEFT_OUT",
    "MADE_AGAIN",
    "NOT_CHOSEN",
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
    "came_from",
    "clone",
    "clone_of",
    "counts",
    "delete_all",
    "faults",
    "is_being_made",
    "is_template",
    "is_untouched",
    "plan",
    "references",
    "request",
    "rewritten",
    "sources",
    "undo",
]
