"""Following another city: whom, what was received from there, taken and decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261201_8_upstream"
down_revision = "20261201_3_moving"
branch_labels = None
depends_on = None

_ORIGIN = ("origin", "entry_id")


def upgrade() -> None:
    create_table(
        "following",
        _number("tenant_id"),
        _number("source_id"),
        _word("source"),
        _yes("whole"),
        _yes("by_itself"),
        _number("epoch"),
        _number("seq"),
        _moment("since"),
        _moment("read_at", nullable=True),
        _key("following", "source_id"),
    )
    _create_received()
    create_table(
        "taken_text",
        *(_number("tenant_id"), _number("entry_id"), _word("language"), _word("title"), _word("content")),
        *(_word("source_digest"), _number("source_version_id", nullable=True), _word("made_from")),
        *(_number("grew_from_id", nullable=True), _number("grew_to_id", nullable=True)),
        _leads("taken_text", *_ORIGIN),
        _key("taken_text", "entry_id", "language"),
    )
    create_table(
        "taken_place",
        *(_number("tenant_id"), _number("entry_id"), _number("source_parent_id", nullable=True)),
        *(_word("source_position"), _number("parent_id", nullable=True), _word("position")),
        _leads("taken_place", *_ORIGIN),
        _key("taken_place", "entry_id"),
    )
    create_table(
        "detached",
        *(_number("tenant_id"), _number("entry_id"), _word("by"), _moment("at")),
        _leads("detached", "entry", "id"),
        _key("detached", "entry_id"),
    )
    create_table(
        "declined",
        *(_number("tenant_id"), _number("source_id"), _number("source_entry_id"), _word("by"), _moment("at")),
        _key("declined", "source_id", "source_entry_id"),
    )
    _create_decision()
    create_table(
        "follower",
        *(_number("tenant_id"), _number("follower_id"), _word("slug"), _word("name"), _yes("by_itself")),
        *(_number("same"), _number("waiting"), _number("changed"), _moment("told_at")),
        _key("follower", "follower_id"),
    )
    create_table(
        "divergence",
        *(_number("tenant_id"), _number("follower_id"), _number("entry_id"), _word("language"), _word("how")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "follower_id"],
            ["follower.tenant_id", "follower.follower_id"],
            name=op.f("fk_divergence_tenant_id_follower_id"),
            ondelete="CASCADE",
        ),
        _key("divergence", "follower_id", "entry_id", "language"),
    )
    op.create_index("ix_divergence_entry", "divergence", ["tenant_id", "entry_id"])


def _create_received() -> None:
    create_table(
        "received",
        *(_number("tenant_id"), _number("id"), _number("source_id"), _word("source"), _number("source_entry_id")),
        *(_word("language"), _word("kind"), _number("entry_id", nullable=True), _word("title"), _word("content")),
        *(_word("slug"), _word("digest"), _word("made_from"), _yes("minor"), _yes("machine_made")),
        *(_number("source_version_id", nullable=True), _number("source_parent_id", nullable=True)),
        *(_word("source_position"), _word("state"), _moment("received_at")),
        _key("received", "id"),
        sa.UniqueConstraint(
            *("tenant_id", "source_id", "source_entry_id", "language"),
            name=op.f("uq_received_tenant_id_source_id_source_entry_id_language"),
        ),
    )
    op.create_index("ix_received_entry", "received", ["tenant_id", "entry_id"])
    op.create_index("ix_received_state", "received", ["tenant_id", "state"])


def _create_decision() -> None:
    create_table(
        "decision",
        *(_number("tenant_id"), _number("id"), _number("batch"), _number("entry_id", nullable=True)),
        *(_word("language"), _word("verdict"), _word("title")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("received", "before")),
        *(_number("version_before_id", nullable=True), _number("version_after_id", nullable=True)),
        *(_yes("published"), _word("by"), _moment("at"), _moment("undone_at", nullable=True)),
        _key("decision", "id"),
    )
    op.create_index("ix_decision_batch", "decision", ["tenant_id", "batch"])


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _yes(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("tenant_id", *columns, name=op.f(f"pk_{table}"))


def _leads(table: str, to: str, to_column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "entry_id"],
        [f"{to}.tenant_id", f"{to}.{to_column}"],
        name=op.f(f"fk_{table}_tenant_id_entry_id"),
        ondelete="CASCADE",
    )
