"""Tables of what proves who someone is. All global: a person is the same in every city."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base


class Password(Base):
    """The digest of someone's password (argon2id); whoever has none logs in in another way."""

    __tablename__ = "password"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    digest: Mapped[str]
    changed_at: Mapped[datetime]


class LoginSession(Base):
    """A login on one device, with the family of refresh tokens that came of it.

    Only the token of the newest `turn` renews it; an older one is in wrong hands, and the session ends. `acting_in` is
    the one city in which someone of the platform's staff acts until `acting_until`.
    """

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_account", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    turn: Mapped[int]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    acting_in: Mapped[int | None]
    acting_until: Mapped[datetime | None]
