"""Occurrences with words and a place of their own, and imported events that were refused."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261125_8_occurrences"
down_revision = "20261125_7_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "changed_occurrence",
        *_key("id"),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("recurrence_id", sa.Text(), nullable=False),
        sa.Column("elsewhere", sa.Boolean(), nullable=False),
        sa.Column("meeting_url", sa.Text(), nullable=False),
        _to("changed_occurrence", "id", "entry"),
        _to("changed_occurrence", "event_id", "event"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_changed_occurrence")),
        sa.UniqueConstraint(
            "tenant_id",
            "event_id",
            "recurrence_id",
            name=op.f("uq_changed_occurrence_tenant_id_event_id_recurrence_id"),
        ),
    )
    create_table(
        "refused_event",
        *_key("calendar_id"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("uid", "title")),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        _to("refused_event", "calendar_id", "external_calendar"),
        sa.PrimaryKeyConstraint("tenant_id", "calendar_id", "uid", name=op.f("pk_refused_event")),
    )


def _key(name: str) -> list[sa.Column[int]]:
    columns = ("tenant_id", name)
    return [sa.Column(column, sa.BigInteger(), autoincrement=False, nullable=False) for column in columns]


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{target}.tenant_id", f"{target}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete="CASCADE",
    )
