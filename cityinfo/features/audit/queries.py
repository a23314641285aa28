"""Reading the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, tuple_

from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say
from cityinfo.kernel.policies import SEALS

from . import rules
from .models import AuditHead, AuditRow, Head, PlatformAuditHead, PlatformAuditRow, Row
from .rules import Chain

MOST_ROWS = 500  # of a page
_PORTION = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows: all that fit everything that is given. `since` belongs to the span, `until` no longer does."""

    actor: str = ""
    action: str = ""
    kind: str = ""
    entry_id: int | None = None
    language: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first. `older` asks for the next page; it is empty on the last one."""

    rows: Sequence[AuditRow]
    older: str


def verify(db: Work) -> Chain:
    """Whether the record is as it was written, from its first row to its end: a city's, or the platform's."""
    kind: type[Row] = AuditRow if isinstance(db.whose, int) else PlatformAuditRow
    rows: Iterable[Row] = db.scalars(select(kind).order_by(kind.seq, kind.id)).yield_per(_PORTION)  # type: ignore[assignment]
    return rules.follow(rows, head(db))


def head(db: Work) -> Head | None:
    """The noted end of the record; None while nothing was done."""
    return db.get(AuditHead, db.tenant_id) if isinstance(db.whose, int) else db.get(PlatformAuditHead, 1)


def is_sealed(db: Work, kind: str, entry_id: int) -> bool:
    """Whether the platform's record says how a city's ended: then, and only then, the city's may go."""
    row = PlatformAuditRow
    statement = select(row.id).where(row.kind == kind, row.entry_id == entry_id, row.action == SEALS)
    return db.scalar(statement.limit(1)) is not None


def page(db: Work, wanted: Wanted, *, limit: int = 50, older: str = "") -> Page:
    """At most `limit` rows, the newest first or those that `older` of the page before leads to."""
    statement = _matching(wanted).order_by(AuditRow.seq.desc(), AuditRow.id.desc())
    if older:
        statement = statement.where(tuple_(AuditRow.seq, AuditRow.id) < tuple_(*_place(older)))
    limit = min(max(limit, 1), MOST_ROWS)
    rows = db.scalars(statement.limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], f"{last.seq}-{last.id}" if last else "")


def each(db: Work, wanted: Wanted) -> Iterator[AuditRow]:
    """Every row, oldest first, loaded in portions."""
    yield from db.scalars(_matching(wanted).order_by(AuditRow.seq, AuditRow.id)).yield_per(_PORTION)


def _matching(wanted: Wanted) -> Select[AuditRow]:
    statement = select(AuditRow)
    for name in ("actor", "action", "kind", "entry_id", "language"):
        value = getattr(wanted, name)
        if value not in ("", None):
            statement = statement.where(getattr(AuditRow, name) == value)
    if wanted.since is not None:
        statement = statement.where(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(AuditRow.at < wanted.until)
    return statement


def _place(older: str) -> tuple[int, int]:
    try:
        seq, _, row_id = older.partition("-")
        return int(seq), int(row_id)
    except ValueError:
        raise Invalid(
            "audit.page", say("“{older}” leads to no page; begin with the first one.", older=older[:50])
        ) from None
