"""Tables of news: messages, what is sent of them and to whom, and feeds from elsewhere."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class Message(TenantOwned, Base):
    """What a city tells its readers, under the identity of its entry; title and text are the entry's texts.

    `review` is what editors have decided. Whether an approved message is scheduled, visible or expired is a matter of
    its moments. `announced_at` is when it was first seen to be visible, and told on.
    """

    __tablename__ = "news_message"
    __table_args__ = (
        same_tenant("id", "entry.id", cascade=True),
        CheckConstraint("review IN ('draft', 'requested', 'approved')", name="review"),
        CheckConstraint("mode IN ('written', 'main')", name="mode"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[str]
    mode: Mapped[str]
    push: Mapped[bool]
    visible_from: Mapped[datetime | None]
    visible_until: Mapped[datetime | None]
    review: Mapped[str]
    review_message: Mapped[str]
    author: Mapped[str]
    approved_by: Mapped[str]
    announced_at: Mapped[datetime | None]


class Delivery(TenantOwned, Base):
    """The outbox: one message in one language over one channel, sent once.

    While `state` is `sending`, the attempt under `token` holds it until `held_until`. `send_until` is when nobody wants
    to be told any more.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        same_tenant("message_id", "news_message.id", cascade=True),
        UniqueConstraint("tenant_id", "message_id", "language", "channel"),
        CheckConstraint("channel IN ('fcm', 'webpush')", name="channel"),
        CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'expired', 'failed', 'withdrawn', 'off')", name="state"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    message_id: Mapped[int]
    language: Mapped[str]
    channel: Mapped[str]
    state: Mapped[str]
    send_until: Mapped[datetime]
    attempts: Mapped[int]
    token: Mapped[int | None]
    held_until: Mapped[datetime | None]
    failure: Mapped[str]
    sent_at: Mapped[datetime | None]


class Subscription(TenantOwned, Base):
    """A browser that wants to be told, in one language. Says nothing of the person before it."""

    __tablename__ = "push_subscription"
    __table_args__ = (
        UniqueConstraint("tenant_id", "digest"),
        Index("ix_push_subscription_language", "tenant_id", "language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str]  # of the endpoint: long addresses fit in no index
    endpoint: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]


class Receipt(TenantOwned, Base):
    """A subscription that a delivery has reached, so that trying again tells nobody twice."""

    __tablename__ = "delivery_receipt"
    __table_args__ = (
        same_tenant("delivery_id", "delivery.id", cascade=True),
        same_tenant("subscription_id", "push_subscription.id", cascade=True),
        Index("ix_delivery_receipt_subscription", "tenant_id", "subscription_id"),
    )

    delivery_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subscription_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Feed(TenantOwned, Base):
    """News of others that a city shows among its own: where they are read, and under which name they are shown.

    `etag` and `last_modified` are what the server said of the feed as it was last read whole.
    """

    __tablename__ = "feed"
    __table_args__ = (UniqueConstraint("tenant_id", "address", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    address: Mapped[str]
    source: Mapped[str]
    language: Mapped[str]
    active: Mapped[bool]
    fetched_at: Mapped[datetime | None]
    failure: Mapped[str]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]


class FeedItem(TenantOwned, Base):
    """One item of a feed, as it was last read."""

    __tablename__ = "feed_item"
    __table_args__ = (
        same_tenant("feed_id", "feed.id", cascade=True),
        UniqueConstraint("tenant_id", "feed_id", "guid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    feed_id: Mapped[int]
    guid: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    link: Mapped[str]
    published_at: Mapped[datetime]
    changed_at: Mapped[datetime]
