"""Placeholders: what a template cannot know of a city, asked for once and filled in wherever texts name it."""

from .actions import Declared, declare, fill
from .following import follow_tenant
from .models import Placeholder, PlaceholderValue
from .queries import Asked, asked, count_missing, declared, values
from .rules import EVERY, KINDS, check_value, named_in
from .writing import write_out

__all__ = [
    "EVERY",
    "KINDS",
    "Asked",
    "Declared",
    "Placeholder",
    "PlaceholderValue",
    "asked",
    "check_value",
    "count_missing",
    "declare",
    "declared",
    "fill",
    "follow_tenant",
    "named_in",
    "values",
    "write_out",
]
