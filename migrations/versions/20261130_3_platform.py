"""What the platform's staff look after: how every city is doing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261130_3_platform"
down_revision = "20261129_6_appearance"
branch_labels = None
depends_on = None

COUNTS = (
    *("texts", "current", "outdated", "missing", "waiting", "calendars_broken", "jobs_failed", "webhooks_failing"),
    *("managers", "entries", "pages_public", "media_bytes"),
)


def upgrade() -> None:
    _condition()


def _condition() -> None:
    create_table(
        "tenant_condition",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        sa.Column("media_quota", sa.BigInteger(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_tenant_condition")),
    )
