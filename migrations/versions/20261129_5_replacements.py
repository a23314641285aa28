"""What was replaced in many texts at once, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261129_5_replacements"
down_revision = "20261129_4_references"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "replacement",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_replacement")),
    )
    op.create_index("ix_replacement_made_at", "replacement", ["tenant_id", "made_at"])
    create_table(
        "replaced",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("replacement_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("before_id", sa.BigInteger(), nullable=False),
        sa.Column("after_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "replacement_id"],
            ["replacement.tenant_id", "replacement.id"],
            name=op.f("fk_replaced_tenant_id_replacement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "text_id"],
            ["text.tenant_id", "text.id"],
            name=op.f("fk_replaced_tenant_id_text_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "replacement_id", "text_id", name=op.f("pk_replaced")),
    )
    op.create_index("ix_replaced_text", "replaced", ["tenant_id", "text_id"])
