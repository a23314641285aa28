"""Answers that a retry is given again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261125_7_idempotency"
down_revision = "20261125_5_webhooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "kept_answer",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "author", "key", name=op.f("pk_kept_answer")),
    )
    op.create_index("ix_kept_answer_created_at", "kept_answer", ["created_at"])
