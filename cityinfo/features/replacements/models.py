"""Tables of replacements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class Replacement(TenantOwned, Base):
    """What someone replaced with what, once; `undone_at` when it was taken back."""

    __tablename__ = "replacement"
    __table_args__ = (Index("ix_replacement_made_at", "tenant_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str]
    instead: Mapped[str]
    author: Mapped[str]
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class Replaced(TenantOwned, Base):
    """A text that a replacement changed: the version that it found and the one that it made."""

    __tablename__ = "replaced"
    __table_args__ = (
        same_tenant("replacement_id", "replacement.id", cascade=True),
        same_tenant("text_id", "text.id", cascade=True),
        Index("ix_replaced_text", "tenant_id", "text_id"),
    )

    replacement_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    before_id: Mapped[int]
    after_id: Mapped[int]
