"""Tables of organizations."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class Organization(TenantOwned, Base):
    """Who stands behind places, contact points and offers; its name and description are the entry's texts.

    What it is part of, whose project it is and who its partners are stand as relations, its logo too.
    """

    __tablename__ = "organization"
    __table_args__ = (
        same_tenant("id", "entry.id", cascade=True),
        CheckConstraint("sort IN ('authority', 'association', 'company', 'faith', 'initiative', 'other')", name="sort"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sort: Mapped[str]
    website: Mapped[str]
    seal: Mapped[str]


class Member(TenantOwned, Base):
    """Someone who may propose changes to what belongs to an organization."""

    __tablename__ = "organization_member"
    __table_args__ = (same_tenant("organization_id", "organization.id", cascade=True),)

    organization_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member: Mapped[str] = mapped_column(primary_key=True)  # as the audit log names actors
