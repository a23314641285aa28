"""Tables of the commons: what a city gives to others, and whom it has to name for what it took."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class Offering(TenantOwned, Base):
    """A page that other cities may take: under which licence, whom they name, and what it is good for."""

    __tablename__ = "offering"
    __table_args__ = (
        same_tenant("entry_id", "entry.id", cascade=True),
        Index("ix_offering_offered_at", "offered_at"),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    licence: Mapped[str]
    attribution: Mapped[str]
    note: Mapped[str]
    offered_by: Mapped[str]
    offered_at: Mapped[datetime]


class Credit(TenantOwned, Base):
    """Whose words a page here began with. Readers are told so, however much they have been changed since."""

    __tablename__ = "credit"
    __table_args__ = (same_tenant("entry_id", "entry.id", cascade=True),)

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    licence: Mapped[str]
    attribution: Mapped[str]
