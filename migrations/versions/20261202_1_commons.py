"""Pages that cities give to each other: offers, credits, subscriptions, and corrections sent back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261202_1_commons"
down_revision = "20261201_8_upstream"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "offering",
        *(_number("tenant_id"), _number("entry_id"), _word("licence"), _word("attribution"), _word("note")),
        *(_word("offered_by"), _moment("offered_at")),
        _leads("offering", "entry_id", "entry"),
        _key("offering", "entry_id"),
    )
    op.create_index("ix_offering_offered_at", "offering", ["offered_at"])
    create_table(
        "credit",
        *(_number("tenant_id"), _number("entry_id"), _word("source"), _word("licence"), _word("attribution")),
        _leads("credit", "entry_id", "entry"),
        _key("credit", "entry_id"),
    )
    create_table(
        "page_subscription",
        *(_number("tenant_id"), _number("source_id"), _number("source_entry_id")),
        *(_number("parent_id", nullable=True), _number("entry_id", nullable=True)),
        *(_yes("by_itself"), _yes("is_offered"), _word("asked_by"), _moment("asked_at")),
        _leads("page_subscription", "entry_id", "entry"),
        _leads("page_subscription", "parent_id", "page"),
        _key("page_subscription", "source_id", "source_entry_id"),
    )
    _create_correction()


def _create_correction() -> None:
    create_table(
        "correction",
        *(_number("tenant_id"), _number("id"), _number("entry_id"), _word("language")),
        *(_number("source_id"), _number("source_entry_id"), _word("title"), _word("content"), _word("message")),
        *(_word("author"), _moment("sent_at"), _word("state"), _number("proposal_id", nullable=True)),
        *(_word("answer"), _moment("answered_at", nullable=True)),
        _leads("correction", "entry_id", "entry"),
        _key("correction", "id"),
        sa.CheckConstraint(
            "state IN ('sent', 'proposed', 'accepted', 'returned', 'lost')", name=op.f("ck_correction_state")
        ),
    )
    op.create_index("ix_correction_entry", "correction", ["tenant_id", "entry_id"])
    op.create_index("ix_correction_proposal", "correction", ["tenant_id", "proposal_id"])


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


def _leads(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{to}.tenant_id", f"{to}.id"],
        name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete="CASCADE",
    )
