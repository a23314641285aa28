"""Writing the audit log: one row for every change, chained by digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Change

from .models import AuditRow


def record(db: Work, changes: Sequence[Change]) -> None:
    """Keep what was done. The tenant's clock lets one writer in at a time, so the chain never forks."""
    previous = db.scalar(select(AuditRow.digest).order_by(AuditRow.seq.desc(), AuditRow.id.desc()).limit(1)) or ""
    for change in changes:
        row = _row(db, change, previous)
        db.add(row)
        previous = row.digest


def _row(db: Work, change: Change, previous: str) -> AuditRow:
    row = AuditRow(
        tenant_id=db.tenant_id,
        id=db.new_id(),
        seq=db.seq,
        at=clock.now(),
        actor=str(change.actor),
        action=type(change).__name__,
        kind=change.kind,
        entry_id=change.entry_id,
        language=change.language,
        before=change.before,
        after=change.after,
        previous=previous,
    )
    row.digest = digest(row)
    return row


def digest(row: AuditRow) -> str:
    """SHA-256 over everything the row says, the digest of the row before it included."""
    said = (
        row.tenant_id,
        row.id,
        row.seq,
        row.at.isoformat(),
        row.actor,
        row.action,
        row.kind,
        row.entry_id,
        row.language,
        row.before,
        row.after,
        row.previous,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()
