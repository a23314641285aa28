"""What this city has told others."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from cityinfo.kernel.db import Work

from .models import Correction


def of_entry(db: Work, entry_id: int) -> Sequence[Correction]:
    """What was told about a page, newest first."""
    return db.scalars(select(Correction).where(Correction.entry_id == entry_id).order_by(Correction.id.desc())).all()


def listed(db: Work, *, most: int = 50, skip: int = 0) -> Sequence[Correction]:
    """All that was told, newest first."""
    return db.scalars(select(Correction).order_by(Correction.id.desc()).limit(most).offset(skip)).all()


def count(db: Work) -> int:
    """How much was told."""
    return db.scalar(select(func.count()).select_from(Correction)) or 0
