"""Tables of webhooks: who wants to be told, and how each message went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant

WAITING, SENT, DROPPED = "waiting", "sent", "dropped"
FAILING, GONE = "failing", "gone"


class Webhook(TenantOwned, Base):
    """A subscription: a server elsewhere that is told what readers see anew.

    No `kinds` or no `languages` means all of them. `secret` is hidden with the service's key; the `former_secret` signs
    besides until `former_until`. Everything up to number `seq` was told, and of that after `place` (empty: all of it).
    While `job_id` is set there is a job that tells what is new. `note` says why it was switched off by itself.
    """

    __tablename__ = "webhook"
    __table_args__ = (CheckConstraint("note IN ('', 'failing', 'gone')", name="note"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    address: Mapped[str]
    kinds: Mapped[list[str]]
    languages: Mapped[list[str]]
    active: Mapped[bool]
    note: Mapped[str]
    secret: Mapped[str]
    former_secret: Mapped[str]
    former_until: Mapped[datetime | None]
    seq: Mapped[int]
    place: Mapped[str]
    job_id: Mapped[int | None]
    failing_since: Mapped[datetime | None]
    created_at: Mapped[datetime]


class WebhookDelivery(TenantOwned, Base):
    """One message, from one place in the feed to another, however often it was tried.

    It is `dropped` when someone had the subscription told from elsewhere before it arrived. `status` is what the other
    server answered last, `failure` what went wrong in a word; what it wrote is not kept.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        same_tenant("webhook_id", "webhook.id", cascade=True),
        CheckConstraint("state IN ('waiting', 'sent', 'dropped')", name="state"),
        Index("ix_webhook_delivery_webhook", "tenant_id", "webhook_id", "id"),
        Index("ix_webhook_delivery_created", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    webhook_id: Mapped[int]
    from_seq: Mapped[int]
    from_place: Mapped[str]
    seq: Mapped[int]
    place: Mapped[str]
    items: Mapped[int]
    state: Mapped[str]
    attempts: Mapped[int]
    status: Mapped[int | None]
    failure: Mapped[str]
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
