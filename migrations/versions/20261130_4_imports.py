"""Imports of places that a worker brings in: the file until it is done, how much it holds, and what was not taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_4_imports"
down_revision = "20261130_3_platform"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("draft", sa.Boolean(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("refused", sa.JSON(), nullable=True),
    ):
        op.add_column("location_import", column)
