"""Tables of feedback."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned


class Feedback(TenantOwned, Base):
    """What a reader told the city. `topic` says about what; `entry_id` names it where it is one entry.

    The ticket with which the reader finds the reply is kept as a digest. The row is deleted at `delete_at`.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("tenant_id", "ticket"),
        CheckConstraint("rating IN ('', 'up', 'down')", name="rating"),
        Index("ix_feedback_delete_at", "delete_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    created_at: Mapped[datetime]
    delete_at: Mapped[datetime]
    language: Mapped[str]
    topic: Mapped[str]
    entry_id: Mapped[int | None]  # no foreign key: what was said outlives what it was said about
    subject: Mapped[str]
    rating: Mapped[str]
    comment: Mapped[str]
    contact: Mapped[str]
    query: Mapped[str]
    technical: Mapped[bool]
    spam_score: Mapped[int]
    ticket: Mapped[str]
    reply: Mapped[str]
    replied_at: Mapped[datetime | None]
    replied_by: Mapped[str]
    read_at: Mapped[datetime | None]
    read_by: Mapped[str]
    archived_at: Mapped[datetime | None]
    forwarded_at: Mapped[datetime | None]
    forwarded_to: Mapped[str]
