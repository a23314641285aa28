"""What published documents mean, and how far they were read for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261203_1_embeddings"
down_revision = "20261202_1_commons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "embedding",
        *(_number("tenant_id"), _word("language"), _word("kind"), _number("entry_id"), _number("seq"), _word("digest")),
        _number("passages"),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "language", "kind", "entry_id", name=op.f("pk_embedding")),
    )
    create_table(
        "embedding_head",
        *(_number("tenant_id"), _word("language"), _number("epoch"), _number("seq"), _word("encoder")),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "language", name=op.f("pk_embedding_head")),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
