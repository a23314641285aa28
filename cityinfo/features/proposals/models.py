"""Table of proposals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant

PROPOSED, ACCEPTED, RETURNED, WITHDRAWN = "proposed", "accepted", "returned", "withdrawn"


class Proposal(TenantOwned, Base):
    """What someone wants an entry to say: words in one language, facts beside words, or both.

    Without words, `language` is empty. `text_revision` and `entry_revision` are what the writing started from.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        same_tenant("entry_id", "entry.id", cascade=True),
        CheckConstraint("state IN ('proposed', 'accepted', 'returned', 'withdrawn')", name="state"),
        Index("ix_proposal_entry", "tenant_id", "entry_id"),
        Index("ix_proposal_state", "tenant_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int]
    language: Mapped[str]
    title: Mapped[str]
    content: Mapped[str]
    text_revision: Mapped[int]
    facts: Mapped[dict[str, Any]]
    entry_revision: Mapped[int]
    message: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[str]
    answer: Mapped[str]
    decided_by: Mapped[str]
    decided_at: Mapped[datetime | None]
