"""Words that editors find texts by; the worker notes those of texts that are there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261125_9_words"
down_revision = "20261125_8_occurrences"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "text_words",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "text_id"],
            ["text.tenant_id", "text.id"],
            name=op.f("fk_text_words_tenant_id_text_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "text_id", name=op.f("pk_text_words")),
    )
    op.create_index("ix_text_words_kind", "text_words", ["tenant_id", "kind", "language"])
