"""What a text leads to is noted once for the text, no longer for each of its versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import close_table

revision = "20261129_4_references"
down_revision = "20261129_3_addresses"
branch_labels = None
depends_on = None

_KEPT = """
CREATE TEMPORARY TABLE kept_reference AS
SELECT DISTINCT reference.tenant_id, version.text_id, to_entry_id, language, role, reference.entry_id FROM reference
JOIN version ON version.tenant_id = reference.tenant_id AND version.id = reference.version_id
"""
_READ = ("reference", "version")


def upgrade() -> None:
    _keep()
    op.drop_table("reference")
    table = _create()
    op.execute("INSERT INTO reference SELECT * FROM kept_reference")  # made with the same columns in the same order
    op.execute("DROP TABLE kept_reference")
    close_table(table)


def _keep() -> None:
    """The role that owns the tables is kept out of their rows on PostgreSQL; for this one statement it is let in."""
    walls = _READ if op.get_bind().dialect.name != "sqlite" else ()
    for table in walls:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(_KEPT)
    for table in walls:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _create() -> sa.Table:
    table = op.create_table(
        "reference",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("to_entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_reference_tenant_id_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "to_entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_reference_tenant_id_to_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "text_id"],
            ["text.tenant_id", "text.id"],
            name=op.f("fk_reference_tenant_id_text_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "text_id", "to_entry_id", "language", "role", name=op.f("pk_reference")),
    )
    op.create_index("ix_reference_from_entry", "reference", ["tenant_id", "entry_id"])
    op.create_index("ix_reference_to_entry", "reference", ["tenant_id", "to_entry_id"])
    return table
