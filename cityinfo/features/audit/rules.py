"""What makes the audit log a chain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from .models import AuditRow, Head, Row

SAID = ("id", "seq", "at", "actor", "action", "kind", "entry_id", "language", "before", "after")


@dataclass(frozen=True, slots=True)
class Chain:
    """What a look at the whole chain found: how many rows hold, the digest they end with, and where it breaks.

    `broken_at` is the first row that does not follow, or the last one there is when rows are missing after it (0 when
    none is left); `fault` says which, empty while the chain holds.
    """

    count: int
    digest: str
    broken_at: int | None = None
    fault: str = ""


def digest_of(row: Row) -> str:
    """SHA-256 over everything the row says, the digest of the row before it included."""
    said = {name: getattr(row, name) for name in (*SAID, "previous")} | {"at": row.at.isoformat()}
    tenant_id = row.tenant_id if isinstance(row, AuditRow) else 0
    note = (row.note,) if row.note else ()  # rows from before there were notes keep their digests
    return hashlib.sha256(repr((tenant_id, *said.values(), *note)).encode()).hexdigest()


def follow(rows: Iterable[Row], head: Head | None) -> Chain:
    """Walk a log's rows in their order up to the first fault, then compare their end with what was noted of it."""
    count, last, previous = 0, 0, ""
    for row in rows:
        if row.previous != previous:
            return Chain(count, previous, row.id, "does not follow from the row before it")
        if row.digest != digest_of(row):
            return Chain(count, previous, row.id, "says something else than when it was written")
        count, last, previous = count + 1, row.id, row.digest
    noted = (head.count, head.digest) if head else (0, "")
    if noted == (count, previous):
        return Chain(count, previous)
    return Chain(count, previous, last, _fault_of_end(count, noted[0]))


def _fault_of_end(count: int, noted: int) -> str:
    if count < noted:
        return f"is the last one, but {noted - count} more were written"
    return "is not where the record is noted to end"
