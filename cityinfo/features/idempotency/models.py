"""Table of kept answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned


class KeptAnswer(TenantOwned, Base):
    """What was answered to a request that named a key. `request` is a digest of what was asked.

    Written in the transaction of the change itself: either both are there or neither.
    """

    __tablename__ = "kept_answer"
    __table_args__ = (Index("ix_kept_answer_created_at", "created_at"),)

    author: Mapped[str] = mapped_column(primary_key=True)  # as the audit log names actors
    key: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[str]
    status: Mapped[int]
    headers: Mapped[dict[str, Any]]
    body: Mapped[str]
    created_at: Mapped[datetime]
