"""Tables of people and of what they may do in a city."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned


class Account(Base):
    """A person, once for all cities. What proves that someone is this person stands in `logins`."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str]
    staff: Mapped[bool]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class Membership(TenantOwned, Base):
    """A role of a person in a city. Someone may have several roles there, each with its own reach.

    `subtree` names pages; the organization and the pages are no foreign keys, because what is gone simply no longer
    belongs to anyone.
    """

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("tenant_id", "account_id", "role"),
        CheckConstraint(
            "role IN ('observer', 'contributor', 'event_manager', 'author', 'translator', 'editor', 'manager')",
            name="role",
        ),
        Index("ix_membership_account", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str]
    languages: Mapped[list[str]]
    subtree: Mapped[list[int]]
    organization_id: Mapped[int | None]
    may_publish: Mapped[bool]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
