"""Relations between entries, and texts that show what stands in them by its identity."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import close_table, create_table

revision = "20261123_1_relations"
down_revision = "20261122_first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entry", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("reference") as reference:
        reference.drop_constraint("pk_reference", type_="primary")
        reference.create_primary_key("pk_reference", ["tenant_id", "version_id", "to_entry_id", "language", "role"])
    if op.get_bind().dialect.name == "sqlite":  # the table was made anew, without its triggers
        close_table(sa.Table("reference", sa.MetaData(), autoload_with=op.get_bind()))
    create_table(
        "relation",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("to_entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_relation_tenant_id_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "to_entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_relation_tenant_id_to_entry_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "entry_id", "role", "to_entry_id", name=op.f("pk_relation")),
    )
    op.create_index("ix_relation_to_entry", "relation", ["tenant_id", "to_entry_id"], unique=False)
