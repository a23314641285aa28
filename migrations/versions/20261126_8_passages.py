"""What translators have said of single passages of a text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261126_8_passages"
down_revision = "20261126_6_gates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "said_passage",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "text_id"],
            ["text.tenant_id", "text.id"],
            name=op.f("fk_said_passage_tenant_id_text_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "text_id", "number", name=op.f("pk_said_passage")),
    )
