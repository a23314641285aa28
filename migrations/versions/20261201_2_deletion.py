"""Cities that are closed or gone; a city's log and its own row go once the platform's log says so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from cityinfo.kernel.policies import SEALED, keep_unless
from cityinfo.schema import create_table

revision = "20261201_2_deletion"
down_revision = "20261201_1_opening"
branch_labels = None
depends_on = None

_OWN = "id = nullif(current_setting('app.tenant', true), '')::bigint"
_LASTING = {"audit": "tenant_id", "tenant": "id"}


def upgrade() -> None:
    create_table(
        "deletion",
        sa.Column("city_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("slug", "name", "status", "reason", "asked_by")),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", name=op.f("pk_deletion")),
    )
    op.create_index("ix_deletion_slug", "deletion", ["slug"])
    op.create_index("ix_deletion_due_at", "deletion", ["due_at"])
    op.create_index("ix_platform_audit_thing", "platform_audit", ["kind", "entry_id"])
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        op.execute("DROP TRIGGER audit_lasts")
    else:
        app = context.config.attributes["roles"].app
        op.execute(f'GRANT DELETE ON audit TO "{app}"')
        op.execute("DROP POLICY IF EXISTS tenant_gone ON tenant")  # today's release makes it with the table
        op.execute(f'CREATE POLICY tenant_gone ON tenant FOR DELETE TO "{app}" USING ({_OWN})')
    for table, column in _LASTING.items():
        for statement in keep_unless(table, dialect, unless=SEALED.format(column=column)):
            op.execute(statement)
