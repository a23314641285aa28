"""Reading the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cityinfo.kernel.db import Work

from .actions import Row, digest
from .models import AuditRow, PlatformAuditRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What someone looks for in the log; what is empty counts for all. `before` is the last row seen."""

    kind: str = ""
    entry_id: int | None = None
    actor: str = ""
    before: int | None = None
    most: int = 50


def listing(db: Work, search: Search) -> Sequence[AuditRow]:
    """What was done in this city, newest first."""
    statement = select(AuditRow).order_by(AuditRow.id.desc()).limit(search.most)
    wanted = {AuditRow.kind: search.kind, AuditRow.entry_id: search.entry_id, AuditRow.actor: search.actor}
    statement = statement.where(*(column == value for column, value in wanted.items() if value))
    if search.before is not None:
        statement = statement.where(AuditRow.id < search.before)
    return db.scalars(statement).all()


def broken_at(db: Work) -> int | None:
    """Identity of the first row of the city's log, or of the platform's, that does not follow from the one before it.

    None while the chain holds.
    """
    kind: type[Row] = AuditRow if isinstance(db.whose, int) else PlatformAuditRow
    previous = ""
    rows: Iterable[Row] = db.scalars(select(kind).order_by(kind.seq, kind.id)).yield_per(500)  # type: ignore[assignment]
    for row in rows:
        if row.previous != previous or row.digest != digest(row):
            return row.id
        previous = row.digest
    return None
