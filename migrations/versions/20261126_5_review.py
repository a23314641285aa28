"""Who submitted and who returned a text, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261126_5_review"
down_revision = "20261126_1_permanent_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty for what was submitted before: whoever wrote the version and its time stand in.
    op.add_column("text", sa.Column("submitted_by", sa.Text(), nullable=True))
    op.add_column("text", sa.Column("returned_by", sa.Text(), nullable=True))
    op.add_column("text", sa.Column("review_at", sa.DateTime(timezone=True), nullable=True))
