"""Audit: who did what to which thing, in an order that cannot be rewritten unnoticed."""

from .actions import record
from .exports import csv_lines, json_lines
from .models import AuditHead, AuditRow, PlatformAuditRow
from .queries import MOST_ROWS, Page, Wanted, each, is_sealed, page, verify
from .rules import Chain

__all__ = [
    "MOST_ROWS",
    "AuditHead",
    "AuditRow",
    "Chain",
    "Page",
    "PlatformAuditRow",
    "Wanted",
    "csv_lines",
    "each",
    "is_sealed",
    "json_lines",
    "page",
    "record",
    "verify",
]
