"""The table of cities that are closed, being deleted, or gone. Global: what it says of a city outlives it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base

# Steps, in order. Up to the first a city comes back; after the last but one nothing of it is there.
CLOSED, FILES, CONTENT, RECORD, GONE, PROVED = "closed", "files", "content", "record", "gone", "proved"
STEPS = (CLOSED, FILES, CONTENT, RECORD, GONE, PROVED)


class Deletion(Base):
    """That a city was closed, by whom and why, when it goes, and how far that is.

    `status` is the one it comes back with. `counts` says how many rows and files went, `proof` what was found
    afterwards.
    """

    __tablename__ = "deletion"
    __table_args__ = (Index("ix_deletion_slug", "slug"), Index("ix_deletion_due_at", "due_at"))

    city_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slug: Mapped[str]
    name: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    job_id: Mapped[int]
    step: Mapped[str]
    deleted_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]]
    proof: Mapped[dict[str, Any]]
