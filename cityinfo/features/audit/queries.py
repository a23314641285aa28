"""Reading the audit log."""

from __future__ import annotations

from sqlalchemy import select

from cityinfo.kernel.db import Work

from .actions import digest
from .models import AuditRow


def broken_at(db: Work) -> int | None:
    """Identity of the first row that does not follow from the one before it; None while the chain holds."""
    previous = ""
    for row in db.scalars(select(AuditRow).order_by(AuditRow.seq, AuditRow.id)).yield_per(500):
        if row.previous != previous or row.digest != digest(row):
            return row.id
        previous = row.digest
    return None
