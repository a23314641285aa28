"""Writing the audit log: one row for every change, chained by digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select, update

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Change

from .models import AuditRow, PlatformAuditRow, PlatformClock

Row = AuditRow | PlatformAuditRow


def record(db: Work, changes: Sequence[Change]) -> None:
    """Keep what was done, in the city's log or, in work that belongs to no city, in the platform's.

    A clock lets one writer in at a time, so the chain never forks.
    """
    in_city = isinstance(db.whose, int)
    kind: type[Row] = AuditRow if in_city else PlatformAuditRow
    seq = db.seq if in_city else _take_platform_number(db)
    previous = db.scalar(select(kind.digest).order_by(kind.seq.desc(), kind.id.desc()).limit(1)) or ""
    for change in changes:
        row = _fill(kind(), change, number=(db.new_id(), seq), previous=previous)
        if isinstance(row, AuditRow):
            row.tenant_id = db.tenant_id
        row.digest = digest(row)
        db.add(row)
        previous = row.digest


def _take_platform_number(db: Work) -> int:
    statement = update(PlatformClock).values(seq=PlatformClock.seq + 1).returning(PlatformClock.seq)
    seq = db.execute(statement, execution_options={"synchronize_session": False}).scalar()
    if seq is None:
        seq = 1
        db.add(PlatformClock(id=1, seq=seq))
        db.flush()
    return seq


def _fill(row: Row, change: Change, *, number: tuple[int, int], previous: str) -> Row:
    row.id, row.seq = number
    row.at, row.actor, row.action = clock.now(), str(change.actor), type(change).__name__
    row.kind, row.entry_id, row.language = change.kind, change.entry_id, change.language
    row.before, row.after, row.previous = change.before, change.after, previous
    return row


def digest(row: Row) -> str:
    """SHA-256 over everything the row says, the digest of the row before it included."""
    said = (
        row.tenant_id if isinstance(row, AuditRow) else 0,
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
