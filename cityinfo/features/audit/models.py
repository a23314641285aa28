"""Tables of the audit log: one in every city, one of the platform."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned
from cityinfo.kernel.policies import SEALED


class AuditColumns:
    """One action. `digest` covers the row and the digest before it, so a missing or altered row shows."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    kind: Mapped[str]
    entry_id: Mapped[int]
    language: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    note: Mapped[str] = mapped_column(server_default=text("''"))  # rows from before there were notes have none
    previous: Mapped[str]
    digest: Mapped[str]


class HeadColumns:
    """How long a chain is and how it ends, so that rows missing at its end show."""

    count: Mapped[int]
    digest: Mapped[str]


class AuditRow(AuditColumns, TenantOwned, Base):
    """What was done in a city."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_order", "tenant_id", "seq", "id"),
        Index("ix_audit_thing", "tenant_id", "kind", "entry_id"),
        {"info": {"append_only": True, "permanent": True, "unless": SEALED}},
    )


class AuditHead(HeadColumns, TenantOwned, Base):
    """The end of a city's chain."""

    __tablename__ = "audit_head"


class PlatformAuditRow(AuditColumns, Base):
    """What was done to no single city: people who came, who were locked out, who got a new password."""

    __tablename__ = "platform_audit"
    __table_args__ = (
        Index("ix_platform_audit_thing", "kind", "entry_id"),
        {"info": {"append_only": True, "permanent": True}},
    )


class PlatformAuditHead(HeadColumns, Base):
    """The end of the platform's chain: one row."""

    __tablename__ = "platform_audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class PlatformClock(Base):
    """One row: the number of the newest row of the platform's log. Whoever writes there waits for it, as in a city."""

    __tablename__ = "platform_clock"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]


Row = AuditRow | PlatformAuditRow
Head = AuditHead | PlatformAuditHead
