"""What this city has told others."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from cityinfo.features import upstream
from cityinfo.features.content import Wording
from cityinfo.features.upstream import Owner
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound

from .models import Correction


def what_came(db: Work, entry_id: int, language: str) -> tuple[Owner, Wording]:
    """Whose page it was, and what it said there when that was last decided about here; `NotFound` for one of our own,
    or of a city that is not followed."""
    owner, theirs = upstream.owner(db, entry_id), upstream.taken_words(db, entry_id, language)
    if owner is None or theirs is None:
        raise NotFound("correction.no_owner", "This does not come from a city that you follow.")
    return owner, theirs


def listed(db: Work, *, most: int = 50, skip: int = 0) -> Sequence[Correction]:
    """All that was told, newest first."""
    return db.scalars(select(Correction).order_by(Correction.id.desc()).limit(most).offset(skip)).all()


def count(db: Work) -> int:
    """How much was told."""
    return db.scalar(select(func.count()).select_from(Correction)) or 0
