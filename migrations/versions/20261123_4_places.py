"""Locations, their categories and imports, and contact points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261123_4_places"
down_revision = "20261123_3_library"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _locations()
    _categories()
    _imports()
    create_table(
        "contact",
        *_number("tenant_id", "id"),
        *_words("name", "phone", "mobile", "email", "website", "appointment_url", "hours"),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        _within("contact", ["id"], "entry", ["id"]),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contact")),
    )


def _locations() -> None:
    create_table(
        "location",
        *_number("tenant_id", "id"),
        *_words("street", "addition", "postal_code", "town", "country"),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("on_map", sa.Boolean(), nullable=False),
        *_words("hours"),
        sa.Column("temporarily_closed", sa.Boolean(), nullable=False),
        *_words("appointment_url"),
        sa.Column("barrier_free", sa.Boolean(), nullable=True),
        sa.Column("accessibility", sa.JSON(), nullable=False),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_location_point")),
        sa.CheckConstraint("NOT on_map OR latitude IS NOT NULL", name=op.f("ck_location_on_map")),
        _within("location", ["id"], "entry", ["id"]),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_location")),
    )


def _categories() -> None:
    create_table(
        "location_in_category",
        *_number("tenant_id", "location_id"),
        *_words("category"),
        sa.Column("position", sa.BigInteger(), nullable=False),
        _within("location_in_category", ["location_id"], "location", ["id"]),
        sa.PrimaryKeyConstraint("tenant_id", "location_id", "category", name=op.f("pk_location_in_category")),
    )
    op.create_index("ix_location_in_category_category", "location_in_category", ["tenant_id", "category"])
    create_table(
        "location_category",
        *_number("tenant_id"),
        *_words("slug"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        *_words("icon", "color"),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_location_category_tenant_id_number")),
        sa.PrimaryKeyConstraint("tenant_id", "slug", name=op.f("pk_location_category")),
    )


def _imports() -> None:
    create_table(
        "location_import",
        *_number("tenant_id", "number"),
        *_words("name", "actor"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "number", name=op.f("pk_location_import")),
    )
    create_table(
        "location_imported",
        *_number("tenant_id", "location_id"),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("number", "revision", "text_revision")),
        _within("location_imported", ["number"], "location_import", ["number"]),
        _within("location_imported", ["location_id"], "location", ["id"]),
        sa.PrimaryKeyConstraint("tenant_id", "location_id", name=op.f("pk_location_imported")),
    )


def _number(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False) for name in names]


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _within(table: str, columns: list[str], other: str, others: list[str]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", *columns],
        [f"{other}.{column}" for column in ("tenant_id", *others)],
        name=op.f(f"fk_{table}_tenant_id_{'_'.join(columns)}"),
        ondelete="CASCADE",
    )
