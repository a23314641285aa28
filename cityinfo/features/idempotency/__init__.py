"""Idempotency: answers that were given once are given again to a retry, so that nothing is made twice."""

from .actions import keep
from .jobs import purge
from .models import KeptAnswer
from .queries import find
from .rules import KEPT_FOR, check_key, digest

__all__ = ["KEPT_FOR", "KeptAnswer", "check_key", "digest", "find", "keep", "purge"]
