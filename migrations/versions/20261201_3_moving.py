"""Where a city comes from that moves in from another system, and what came last of each thing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261201_3_moving"
down_revision = "20261201_2_deletion"
branch_labels = None
depends_on = None

OUTCOMES = "outcome IN ('new', 'changed', 'same', 'left', 'gone')"


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _add_cities()
    _add_things()


def _add_cities() -> None:
    create_table(
        "move_in",
        _number("tenant_id"),
        _word("source"),
        _word("region"),
        _json("hosts"),
        _json("last"),
        _word("asked_by"),
        _moment("asked_at"),
        _moment("switched_at", nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_move_in")),
    )
    create_table(
        "move_in_run",
        _number("tenant_id"),
        _number("number"),
        _number("job_id"),
        _moment("began_at"),
        _moment("ended_at", nullable=True),
        _json("report"),
        sa.PrimaryKeyConstraint("tenant_id", "number", name=op.f("pk_move_in_run")),
    )


def _add_things() -> None:
    create_table(
        "moved_entry",
        _number("tenant_id"),
        _number("entry_id"),
        _word("kind"),
        _word("key"),
        _word("there"),
        _word("here"),
        _number("run"),
        _word("outcome"),
        sa.CheckConstraint(OUTCOMES, name=op.f("ck_moved_entry_outcome")),
        sa.PrimaryKeyConstraint("tenant_id", "entry_id", name=op.f("pk_moved_entry")),
    )
    op.create_index("uq_moved_entry_key", "moved_entry", ["tenant_id", "kind", "key"], unique=True)
    create_table(
        "moved_text",
        _number("tenant_id"),
        _number("entry_id"),
        _word("language"),
        _word("kind"),
        _word("source"),
        _word("there"),
        _number("version_id"),
        _number("run"),
        _word("outcome"),
        sa.CheckConstraint(OUTCOMES, name=op.f("ck_moved_text_outcome")),
        sa.PrimaryKeyConstraint("tenant_id", "entry_id", "language", name=op.f("pk_moved_text")),
    )
    op.create_index("ix_moved_text_source", "moved_text", ["tenant_id", "kind", "language", "source"])
    create_table(
        "moved_file",
        _number("tenant_id"),
        _word("address"),
        _number("media_id", nullable=True),
        _number("run"),
        _json("failure"),
        sa.PrimaryKeyConstraint("tenant_id", "address", name=op.f("pk_moved_file")),
    )
