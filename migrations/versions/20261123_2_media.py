"""Files and organizations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261123_2_media"
down_revision = "20261123_1_relations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_table(
        "media_file",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("focal_x", sa.Double(), nullable=False),
        sa.Column("focal_y", sa.Double(), nullable=False),
        sa.Column("renditions", sa.JSON(), nullable=False),
        _of_entry("media_file"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_media_file")),
    )
    op.create_index("ix_media_file_folder", "media_file", ["tenant_id", "folder"], unique=False)
    op.create_index("ix_media_file_key", "media_file", ["tenant_id", "key"], unique=False)
    create_table(
        "organization",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "sort IN ('authority', 'association', 'company', 'faith', 'initiative', 'other')",
            name=op.f("ck_organization_sort"),
        ),
        _of_entry("organization"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_organization")),
    )
    create_table(
        "organization_member",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organization.tenant_id", "organization.id"],
            name=op.f("fk_organization_member_tenant_id_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "organization_id", "member", name=op.f("pk_organization_member")),
    )


def _of_entry(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "id"],
        ["entry.tenant_id", "entry.id"],
        name=op.f(f"fk_{table}_tenant_id_id"),
        ondelete="CASCADE",
    )
