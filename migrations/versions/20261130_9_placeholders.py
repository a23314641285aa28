"""What texts ask of a city, and what it answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261130_9_placeholders"
down_revision = "20261130_8_clones"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "placeholder",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("translated", sa.Boolean(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("helps", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('text', 'phone', 'email', 'url', 'address', 'hours')", name=op.f("ck_placeholder_kind")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_placeholder")),
    )
    create_table(
        "placeholder_value",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "key"],
            ["placeholder.tenant_id", "placeholder.key"],
            name=op.f("fk_placeholder_value_tenant_id_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "key", "language", name=op.f("pk_placeholder_value")),
    )
