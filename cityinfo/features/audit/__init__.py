"""Audit: who did what to which thing, in an order that cannot be rewritten unnoticed."""

from .actions import record
from .models import AuditRow, PlatformAuditRow
from .queries import Search, broken_at, listing

__all__ = ["AuditRow", "PlatformAuditRow", "Search", "broken_at", "listing", "record"]
