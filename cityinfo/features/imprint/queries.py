"""Reading the imprint."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from cityinfo.features import content, tenants
from cityinfo.kernel.db import Work

from .models import Imprint

KIND = "imprint"
SLUG = "imprint"  # in every language: readers' apps know no other


def of_city(db: Work) -> Imprint | None:
    return db.scalar(select(Imprint))


def is_public(db: Work) -> bool:
    """Whether readers find an imprint in every language: no city goes live without."""
    languages = tenants.active_languages(db)
    words = content.Words(db, all_ids(db), languages, (), falls_back=lambda _: True)
    return bool(languages) and {language for _, language in words.written} == set(languages)


def all_ids(db: Work) -> Sequence[int]:
    return db.scalars(select(Imprint.id)).all()
