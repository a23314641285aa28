"""Calendars that are imported may rest, and keep how their last runs went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import close_table

revision = "20261130_2_calendars"
down_revision = "20261129_6_appearance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("external_calendar") as batch:
        batch.add_column(sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("runs", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("external_calendar") as batch:
        for name in ("paused", "runs"):
            batch.alter_column(name, server_default=None)
    if op.get_bind().dialect.name == "sqlite":  # there the table was made anew, without what closes it
        close_table(sa.Table("external_calendar", sa.MetaData(), autoload_with=op.get_bind()))
