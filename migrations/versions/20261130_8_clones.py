"""That a city was made from another one, and where what it has came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261130_8_clones"
down_revision = "20261130_7_entry_names"
branch_labels = None
depends_on = None


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    create_table(
        "clone",
        _number("tenant_id"),
        _word("key"),
        _number("source_id"),
        _word("source"),
        sa.Column("choices", sa.JSON(), nullable=False),
        _number("job_id"),
        _word("step"),
        _word("asked_by"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        _number("seq", nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_clone")),
    )
    op.create_index("ix_clone_key", "clone", ["key"])
    create_table(
        "origin",
        _number("tenant_id"),
        _number("entry_id"),
        _word("source"),
        _number("source_entry_id"),
        _leads("origin", "entry_id", "entry", "id"),
        sa.PrimaryKeyConstraint("tenant_id", "entry_id", name=op.f("pk_origin")),
    )
    create_table(
        "text_origin",
        _number("tenant_id"),
        _number("entry_id"),
        _word("language"),
        _number("version_id"),
        _number("source_version_id"),
        _word("source_digest"),
        _leads("text_origin", "entry_id", "origin", "entry_id"),
        _leads("text_origin", "version_id", "version", "id"),
        sa.PrimaryKeyConstraint("tenant_id", "entry_id", "language", name=op.f("pk_text_origin")),
    )
    op.create_index("ix_text_origin_version", "text_origin", ["tenant_id", "version_id"])


def _leads(table: str, column: str, to: str, to_column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{to}.tenant_id", f"{to}.{to_column}"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete="CASCADE",
    )
