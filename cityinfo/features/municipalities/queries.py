"""Looking municipalities up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func, or_, select

from cityinfo.kernel.db import Work

from .models import Municipality
from .rules import folded

MOST = 12


def matching(db: Work, words: str, *, most: int = MOST) -> Sequence[Municipality]:
    """Municipalities whose name has these words, those first that begin with them; or by key or postal code."""
    sought = folded(words)
    if not sought:
        return []
    begins = Municipality.sought.startswith(sought, autoescape=True)
    fits = [begins, Municipality.sought.contains(f" {sought}", autoescape=True)]
    if sought.isdecimal():
        fits += [Municipality.official_key.startswith(sought), Municipality.postal_code == sought]
    same = case((Municipality.sought == sought, 0), (begins, 1), else_=2)
    statement = select(Municipality).where(or_(*fits))
    return db.scalars(statement.order_by(same, Municipality.sought, Municipality.region).limit(most)).all()


def find(db: Work, region: str) -> Municipality | None:
    """The municipality with this key of twelve digits."""
    return db.get(Municipality, region)


def count(db: Work) -> int:
    return db.scalar(select(func.count()).select_from(Municipality)) or 0
