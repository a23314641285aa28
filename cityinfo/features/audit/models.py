"""Tables of the audit log."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned


class AuditRow(TenantOwned, Base):
    """One action. `digest` covers the row and the digest before it, so a missing or altered row shows."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_order", "tenant_id", "seq", "id"),
        Index("ix_audit_thing", "tenant_id", "kind", "entry_id"),
        {"info": {"append_only": True}},
    )

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
    previous: Mapped[str]
    digest: Mapped[str]


class AuditHead(TenantOwned, Base):
    """How long the tenant's chain is and how it ends, so that rows missing at its end show."""

    __tablename__ = "audit_head"

    count: Mapped[int]
    digest: Mapped[str]
