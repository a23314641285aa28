"""Table of corrections: what this city told another one about a page that came from there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant

SENT, PROPOSED, ACCEPTED, RETURNED, LOST = "sent", "proposed", "accepted", "returned", "lost"


class Correction(TenantOwned, Base):
    """What the owner's text should say, as it would be written here, and what became of it there.

    It is `sent` until the owner has it as the proposal `proposal_id`, and `lost` when there is nothing there any more
    that it could be about.
    """

    __tablename__ = "correction"
    __table_args__ = (
        same_tenant("entry_id", "entry.id", cascade=True),
        CheckConstraint("state IN ('sent', 'proposed', 'accepted', 'returned', 'lost')", name="state"),
        Index("ix_correction_entry", "tenant_id", "entry_id"),
        Index("ix_correction_proposal", "tenant_id", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int]
    language: Mapped[str]
    source_id: Mapped[int]
    source_entry_id: Mapped[int]
    title: Mapped[str]
    content: Mapped[str]
    message: Mapped[str]
    author: Mapped[str]
    sent_at: Mapped[datetime]
    state: Mapped[str]
    proposal_id: Mapped[int | None]
    answer: Mapped[str]
    answered_at: Mapped[datetime | None]
