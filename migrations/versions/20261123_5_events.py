"""Events, and calendars they are taken over from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261123_5_events"
down_revision = "20261123_4_places"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "event",
        *_key("id"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("starts", "ends", "time_zone")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("all_day", "only_weekdays")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("rules", "dates", "exceptions", "categories")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("meeting_url", "registration_url", "uid")),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        _to("event", "id", "entry"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_event")),
    )
    create_table(
        "event_override",
        *_key("event_id"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("recurrence_id", "starts", "ends")),
        _to("event_override", "event_id", "event"),
        sa.PrimaryKeyConstraint("tenant_id", "event_id", "recurrence_id", name=op.f("pk_event_override")),
    )
    _create_calendars()


def _create_calendars() -> None:
    create_table(
        "external_calendar",
        *_key("id"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "address", "category", "language")),
        sa.Column("location_id", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_result", sa.JSON(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_external_calendar")),
    )
    create_table(
        "external_event",
        *_key("calendar_id"),
        sa.Column("uid", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("event_id", "sequence")),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        _to("external_event", "calendar_id", "external_calendar"),
        _to("external_event", "event_id", "event"),
        sa.PrimaryKeyConstraint("tenant_id", "calendar_id", "uid", name=op.f("pk_external_event")),
    )
    op.create_index("ix_external_event_event", "external_event", ["tenant_id", "event_id"], unique=False)


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
