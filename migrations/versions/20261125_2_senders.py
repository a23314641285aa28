"""One count of what readers send, what servers said of the feeds they publish, and what imports bring along."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261125_2_senders"
down_revision = "20261123_7_offers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "sender_salt",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "day", name=op.f("pk_sender_salt")),
    )
    create_table(
        "sending",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sending")),
    )
    op.create_index("ix_sending_sender", "sending", ["tenant_id", "what", "sender", "sent_at"])
    op.drop_table("feedback_salt")
    op.drop_index("ix_feedback_sender", "feedback")
    op.drop_column("feedback", "sender")
    op.add_column("feed", sa.Column("etag", sa.Text(), nullable=True))
    op.add_column("feed", sa.Column("last_modified", sa.Text(), nullable=True))
    op.add_column("location_imported", sa.Column("text_count", sa.BigInteger(), nullable=True))
    op.add_column("location_imported", sa.Column("companion_id", sa.BigInteger(), nullable=True))
