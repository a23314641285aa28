"""Writing the audit log: one row for every change, chained by digest."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import update

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Change

from . import queries, rules
from .models import AuditHead, AuditRow, Head, PlatformAuditHead, PlatformAuditRow, PlatformClock, Row


def record(db: Work, changes: Sequence[Change]) -> None:
    """Keep what was done, in the city's log or, in work that belongs to no city, in the platform's.

    A clock lets one writer in at a time, so the chain never forks.
    """
    in_city = isinstance(db.whose, int)
    seq = db.seq if in_city else _take_platform_number(db)
    if not seq:
        raise RuntimeError("A change is made in a numbered unit of work: its place in the record is that number.")
    head = queries.head(db) or _new_head(db)
    db.add(head)
    for change in changes:
        row: Row = AuditRow(tenant_id=db.tenant_id) if in_city else PlatformAuditRow()
        _fill(row, change, number=(db.new_id(), seq), previous=head.digest)
        row.digest = rules.digest_of(row)
        db.add(row)
        head.count, head.digest = head.count + 1, row.digest


def _take_platform_number(db: Work) -> int:
    statement = update(PlatformClock).values(seq=PlatformClock.seq + 1).returning(PlatformClock.seq)
    seq = db.execute(statement, execution_options={"synchronize_session": False}).scalar()
    if seq is None:
        seq = 1
        db.add(PlatformClock(id=1, seq=seq))
        db.flush()
    return seq


def _new_head(db: Work) -> Head:
    beginning = {"count": 0, "digest": ""}
    return AuditHead(**beginning) if isinstance(db.whose, int) else PlatformAuditHead(id=1, **beginning)


def _fill(row: Row, change: Change, *, number: tuple[int, int], previous: str) -> None:
    row.id, row.seq = number
    row.at, row.actor, row.action = clock.now(), str(change.actor), type(change).__name__
    row.kind, row.entry_id, row.language = change.kind, change.entry_id, change.language
    row.before, row.after, row.note, row.previous = change.before, change.after, change.note, previous
