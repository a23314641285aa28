"""News: messages, what is sent of them and to whom, and feeds from elsewhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261123_6_news"
down_revision = "20261123_5_events"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _messages()
    _subscriptions()
    _feeds()


def _messages() -> None:
    create_table(
        "news_message",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("push", sa.Boolean(), nullable=False),
        sa.Column("visible_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visible_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review", sa.Text(), nullable=False),
        sa.Column("review_message", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("mode IN ('written', 'main')", name=op.f("ck_news_message_mode")),
        sa.CheckConstraint("review IN ('draft', 'requested', 'approved')", name=op.f("ck_news_message_review")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_news_message_tenant_id_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_news_message")),
    )
    create_table(
        "delivery",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("send_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('fcm', 'webpush')", name=op.f("ck_delivery_channel")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'expired', 'failed', 'withdrawn', 'off')",
            name=op.f("ck_delivery_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "message_id"],
            ["news_message.tenant_id", "news_message.id"],
            name=op.f("fk_delivery_tenant_id_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "tenant_id",
            "message_id",
            "language",
            "channel",
            name=op.f("uq_delivery_tenant_id_message_id_language_channel"),
        ),
    )


def _subscriptions() -> None:
    create_table(
        "push_subscription",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_push_subscription_tenant_id_digest")),
    )
    op.create_index("ix_push_subscription_language", "push_subscription", ["tenant_id", "language"], unique=False)
    create_table(
        "delivery_receipt",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "delivery_id"],
            ["delivery.tenant_id", "delivery.id"],
            name=op.f("fk_delivery_receipt_tenant_id_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["push_subscription.tenant_id", "push_subscription.id"],
            name=op.f("fk_delivery_receipt_tenant_id_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "delivery_id", "subscription_id", name=op.f("pk_delivery_receipt")),
    )
    op.create_index(
        "ix_delivery_receipt_subscription", "delivery_receipt", ["tenant_id", "subscription_id"], unique=False
    )


def _feeds() -> None:
    create_table(
        "feed",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_feed")),
        sa.UniqueConstraint("tenant_id", "address", "language", name=op.f("uq_feed_tenant_id_address_language")),
    )
    create_table(
        "feed_item",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("feed_id", sa.BigInteger(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "feed_id"],
            ["feed.tenant_id", "feed.id"],
            name=op.f("fk_feed_item_tenant_id_feed_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_feed_item")),
        sa.UniqueConstraint("tenant_id", "feed_id", "guid", name=op.f("uq_feed_item_tenant_id_feed_id_guid")),
    )
