"""Tokens: machines that work in one city, each with no more rights than it was given."""

from .actions import TokenDraft, create, revoke, use
from .jobs import forget_ended
from .models import ApiToken
from .queries import actor_of, find, tokens
from .rules import MOST_PER_MINUTE, PREFIX, is_secret

__all__ = [
    "MOST_PER_MINUTE",
    "PREFIX",
    "ApiToken",
    "TokenDraft",
    "actor_of",
    "create",
    "find",
    "forget_ended",
    "is_secret",
    "revoke",
    "tokens",
    "use",
]
