"""What archives of a tenant call its entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261130_7_entry_names"
down_revision = "20261130_4_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entry", sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False))
