"""Offers, the imprint, feedback and proposals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261123_7_offers"
down_revision = "20261123_6_news"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _offers()
    _imprint()
    _feedback()
    _proposals()


def _offers() -> None:
    create_table(
        "offer",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("spoken", sa.JSON(), nullable=False),
        sa.Column("age_from", sa.BigInteger(), nullable=True),
        sa.Column("age_to", sa.BigInteger(), nullable=True),
        sa.Column("cost_from", sa.BigInteger(), nullable=True),
        sa.Column("cost_to", sa.BigInteger(), nullable=True),
        sa.Column("schedule", sa.JSON(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("appointment", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "sort IN ('service', 'course', 'benefit', 'funding', 'volunteering', 'link')", name=op.f("ck_offer_sort")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"], ["entry.tenant_id", "entry.id"], name=op.f("fk_offer_tenant_id_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_offer")),
    )
    create_table(
        "external_offer",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "alias", name=op.f("pk_external_offer")),
    )
    create_table(
        "embedded_offer",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("page_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "page_id"],
            ["page.tenant_id", "page.id"],
            name=op.f("fk_embedded_offer_tenant_id_page_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "page_id", "alias", name=op.f("pk_embedded_offer")),
    )


def _imprint() -> None:
    create_table(
        "imprint",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_imprint_tenant_id_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_imprint")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_imprint_tenant_id")),
    )


def _feedback() -> None:
    create_table(
        "feedback",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delete_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("rating", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("technical", sa.Boolean(), nullable=False),
        sa.Column("spam_score", sa.BigInteger(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_by", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.Text(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forwarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forwarded_to", sa.Text(), nullable=False),
        sa.CheckConstraint("rating IN ('', 'up', 'down')", name=op.f("ck_feedback_rating")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("tenant_id", "ticket", name=op.f("uq_feedback_tenant_id_ticket")),
    )
    op.create_index("ix_feedback_delete_at", "feedback", ["delete_at"], unique=False)
    op.create_index("ix_feedback_sender", "feedback", ["tenant_id", "sender", "created_at"], unique=False)
    create_table(
        "feedback_salt",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", name=op.f("pk_feedback_salt")),
    )


def _proposals() -> None:
    create_table(
        "proposal",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("text_revision", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("entry_revision", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'returned', 'withdrawn')", name=op.f("ck_proposal_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_proposal_tenant_id_entry_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_entry", "proposal", ["tenant_id", "entry_id"], unique=False)
    op.create_index("ix_proposal_state", "proposal", ["tenant_id", "state"], unique=False)
