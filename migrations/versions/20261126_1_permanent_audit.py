"""Rows of the audit logs can no longer be deleted by whoever serves."""

from __future__ import annotations

from alembic import context, op

from cityinfo.kernel.policies import keep

revision = "20261126_1_permanent_audit"
down_revision = "20261125_9_writing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("audit", "platform_audit"):
        op.execute(keep(table, op.get_bind().dialect.name, context.config.attributes["roles"]))
