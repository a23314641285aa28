"""Reading the audit log."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from cityinfo.kernel.db import Work

from .actions import Row, digest
from .models import AuditRow, PlatformAuditRow


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
