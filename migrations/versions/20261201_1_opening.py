"""The directory of municipalities, and how far a new city is before its readers see it."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import close_table, create_table

revision = "20261201_1_opening"
down_revision = "20261130_9_placeholders"
branch_labels = None
depends_on = None


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def upgrade() -> None:
    create_table(
        "municipality",
        *(_word(name) for name in ("region", "official_key", "name", "prefix", "kind", "state", "postal_code")),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        _word("sought"),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_municipality")),
    )
    op.create_index("ix_municipality_sought", "municipality", ["sought"])
    table = op.create_table(
        "opening",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _moment("tested_at"),
        _word("tested_by"),
        _moment("shown_at"),
        _word("shown_by"),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_opening")),
    )
    _note_known_cities(table)
    close_table(table)
    op.add_column("tenant_condition", sa.Column("steps_left", sa.BigInteger(), nullable=True))


def _note_known_cities(table: sa.Table) -> None:
    """Whatever is there was opened before: only the platform's staff show it again."""
    connection = op.get_bind()
    guarded = connection.dialect.name == "postgresql"
    if guarded:
        op.execute("ALTER TABLE tenant NO FORCE ROW LEVEL SECURITY")
    now = datetime.now(UTC)
    known = connection.execute(sa.text("SELECT id FROM tenant")).scalars()
    rows = [{"tenant_id": one, "tested_by": "", "shown_at": now, "shown_by": ""} for one in known]
    op.bulk_insert(table, rows)
    if guarded:
        op.execute("ALTER TABLE tenant FORCE ROW LEVEL SECURITY")
