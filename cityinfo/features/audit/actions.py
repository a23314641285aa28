"""Writing the audit log: one row for every change, chained by digest."""

from __future__ import annotations

from collections.abc import Sequence

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Change

from . import rules
from .models import AuditHead, AuditRow


def record(db: Work, changes: Sequence[Change]) -> None:
    """Keep what was done. The tenant's clock lets one writer in at a time, so the chain never forks."""
    if not db.seq:
        raise RuntimeError("A change is made in a numbered unit of work: its place in the record is that number.")
    head = db.get(AuditHead, db.tenant_id) or AuditHead(tenant_id=db.tenant_id, count=0, digest="")
    db.add(head)
    for change in changes:
        row = _row(db, change, head.digest)
        db.add(row)
        head.count, head.digest = head.count + 1, row.digest


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
    row.digest = rules.digest_of(row)
    return row
