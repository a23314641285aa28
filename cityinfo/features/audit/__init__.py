"""Audit: who did what to which thing, in an order that cannot be rewritten unnoticed."""

from .actions import record
from .models import AuditRow, PlatformAuditRow
from .queries import broken_at

__all__ = ["AuditRow", "PlatformAuditRow", "broken_at", "record"]
