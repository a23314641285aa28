"""Audit: who did what to which thing, in an order that cannot be rewritten unnoticed."""

from .actions import record
from .models import AuditRow
from .queries import broken_at

__all__ = ["AuditRow", "broken_at", "record"]
