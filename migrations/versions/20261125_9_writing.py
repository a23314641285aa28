"""The version that unsaved words were written from, so that they can be merged with what came in between."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261125_9_writing"
down_revision = "20261125_9_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No foreign key: words outlive a version that was deleted, and are then compared without a common beginning.
    op.add_column("autosave", sa.Column("version_id", sa.BigInteger(), nullable=True))
