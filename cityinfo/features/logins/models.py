"""Tables of what proves who someone is. Global, as people are; what a city asks of them is the city's own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned


class Password(Base):
    """The digest of someone's password (argon2id); whoever has none logs in in another way."""

    __tablename__ = "password"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    digest: Mapped[str]
    changed_at: Mapped[datetime]


class LoginSession(Base):
    """A login on one device, with the family of refresh tokens that came of it.

    Only the token of the newest `turn` renews it; an older one is in wrong hands, and the session ends. `acting_in` is
    the one city in which someone of the platform's staff acts until `acting_until`. `strong` says that a second factor
    was proven; `device` and `network` are what a person recognises it by.
    """

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_account", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    strong: Mapped[bool]
    device: Mapped[str]
    network: Mapped[str]
    turn: Mapped[int]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    acting_in: Mapped[int | None]
    acting_until: Mapped[datetime | None]


class Authenticator(Base):
    """An app that shows codes (TOTP). It counts once a code of it was typed in.

    `secret` is hidden with the key of the service. `last_step` is the step of time whose code was used last: no code
    works twice.
    """

    __tablename__ = "authenticator"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    secret: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int]


class Passkey(Base):
    """A key that a device or a security key holds for us (WebAuthn); nothing of it is secret."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("credential_id"), Index("ix_passkey_account", "account_id"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    credential_id: Mapped[str]  # base64url, as browsers write it
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    name: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """The digest of a code for when the phone is lost; a used one is deleted."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(primary_key=True)


class LoginLink(Base):
    """A way in by mail, once: an invitation or a forgotten password.

    What the mail says is signed from `id` with the key of the service when it is sent, and stands in no table. A row
    without an account answers for an address nobody has: asking for it leaves the same traces and takes the same time.
    """

    __tablename__ = "login_link"
    __table_args__ = (
        CheckConstraint("purpose IN ('invitation', 'password')", name="purpose"),
        Index("ix_login_link_account", "account_id"),
        Index("ix_login_link_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[str]
    city: Mapped[str]  # its name, for the words of an invitation
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class LoginFailure(Base):
    """How often someone failed lately, and until when they have to wait. `key` is a digest that leads to nobody."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_failed_at", "failed_at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime]
    open_at: Mapped[datetime | None]


class UsedChallenge(Base):
    """A challenge that was answered: a second answer to it is refused. Forgotten when it would be too old anyway."""

    __tablename__ = "used_challenge"
    __table_args__ = (Index("ix_used_challenge_forget_at", "forget_at"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    forget_at: Mapped[datetime]


class LetterStyle(TenantOwned, Base):
    """From whom a city's letters come, where answers to them go, and what stands below them."""

    __tablename__ = "letter_style"

    sender: Mapped[str]
    reply_to: Mapped[str]
    signature: Mapped[str]


class SecondFactorRule(TenantOwned, Base):
    """Roles that a city lets work only with a second factor."""

    __tablename__ = "second_factor_rule"

    role: Mapped[str] = mapped_column(primary_key=True)
