"""What colleagues say to each other about a text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261129_1_comments"
down_revision = "20261126_8_passages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _threads()
    _comments()
    _mentions()


def _threads() -> None:
    create_table(
        "comment_thread",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("words_before", sa.Text(), nullable=False),
        sa.Column("words_after", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_comment_thread_tenant_id_entry_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_comment_thread")),
    )
    op.create_index("ix_comment_thread_text", "comment_thread", ["tenant_id", "entry_id", "language"])


def _comments() -> None:
    create_table(
        "comment",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "thread_id"],
            ["comment_thread.tenant_id", "comment_thread.id"],
            name=op.f("fk_comment_tenant_id_thread_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_thread_id", "comment", ["tenant_id", "thread_id"])
    op.create_index("ix_comment_author", "comment", ["tenant_id", "author"])


def _mentions() -> None:
    create_table(
        "comment_mention",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "comment_id"],
            ["comment.tenant_id", "comment.id"],
            name=op.f("fk_comment_mention_tenant_id_comment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "comment_id", "person", name=op.f("pk_comment_mention")),
    )
    op.create_index("ix_comment_mention_person", "comment_mention", ["tenant_id", "person"])
