"""What a city insists on before a text is published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261126_6_gates"
down_revision = "20261126_5_review"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "quality_gate",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("flaw", sa.Text(), nullable=False),
        sa.Column("most_year", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "flaw", name=op.f("pk_quality_gate")),
    )
