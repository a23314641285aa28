"""What the platform's staff look after: how every city is doing, and what they tell everyone who works in one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261130_3_platform"
down_revision = "20261130_2_calendars"
branch_labels = None
depends_on = None

COUNTS = (
    *("texts", "current", "outdated", "missing", "waiting", "calendars_broken", "jobs_failed", "webhooks_failing"),
    *("managers", "entries", "pages_public", "media_bytes"),
)


def upgrade() -> None:
    _condition()
    _announcements()
    op.add_column("language", sa.Column("kept", sa.Boolean(), server_default=sa.false(), nullable=False))
    _categories()
    _templates()


def _condition() -> None:
    create_table(
        "tenant_condition",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.Column("media_quota", sa.BigInteger(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenant_condition")),
    )


def _announcements() -> None:
    create_table(
        "announcement",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("title_de", "title_en", "body_de", "body_en")),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("letters_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index("ix_announcement_ends_at", "announcement", ["ends_at"])
    _of_people("announcement_dismissed")
    _of_people(
        "announcement_letter",
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
    )


def _of_people(name: str, *columns: sa.Column[object]) -> None:
    create_table(
        name,
        sa.Column("announcement_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"], name=op.f(f"fk_{name}_announcement_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(f"fk_{name}_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("announcement_id", "account_id", name=op.f(f"pk_{name}")),
    )


def _categories() -> None:
    op.add_column(
        "location_category", sa.Column("position", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("location_category", sa.Column("retired", sa.Boolean(), server_default=sa.false(), nullable=False))
    create_table(
        "platform_category",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("icon", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_platform_category")),
    )


def _templates() -> None:
    create_table(
        "offer_template",
        sa.Column("alias", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "url", "thumbnail", "postal_code")),
        sa.Column("post", sa.JSON(), nullable=False),
        sa.Column("asks_for", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_offer_template")),
    )
