"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from cityinfo.schema import create_table

revision = "20261122_first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        app = context.config.attributes["roles"].app
        op.execute(f'GRANT SELECT ON alembic_version TO "{app}"')  # asked before serving
        # SQLite took these with the table.
        for column in ("current_version_id", "public_version_id"):
            op.create_foreign_key(
                f"fk_text_tenant_id_{column}", "text", "version", ["tenant_id", column], ["tenant_id", "id"]
            )


def _create_tables() -> None:
    create_table(
        "audit",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_audit")),
        info={"append_only": True},
    )
    create_table(
        "clock",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_clock")),
    )
    create_table(
        "directory",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory")),
    )
    create_table(
        "due",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "entry_id", "at", name=op.f("pk_due")),
    )
    op.create_index("ix_due_at", "due", ["at"], unique=False)

    create_table(
        "entry",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("v3_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_entry")),
        sa.UniqueConstraint("tenant_id", "kind", "v3_id", name=op.f("uq_entry_tenant_id_kind_v3_id")),
    )
    create_table(
        "head",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "language", "kind", name=op.f("pk_head")),
    )
    create_table(
        "job",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_token", sa.BigInteger(), nullable=True),
        sa.Column("progress", sa.BigInteger(), nullable=False),
        sa.Column("progress_text", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_open",
        "job",
        ["run_after"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )

    create_table(
        "language",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("bcp47", sa.Text(), nullable=False),
        sa.Column("native_name", sa.Text(), nullable=False),
        sa.Column("name_de", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_language")),
        sa.UniqueConstraint("bcp47", name=op.f("uq_language_bcp47")),
    )
    create_table(
        "published",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "language", "kind", "entry_id", name=op.f("pk_published")),
    )
    op.create_index("ix_published_feed", "published", ["tenant_id", "language", "seq"], unique=False)

    create_table(
        "tenant",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("official_key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("bounding_box", sa.JSON(), nullable=False),
        sa.Column("postal_codes", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("active_languages", sa.JSON(), nullable=False),
        sa.Column("app_url", sa.Text(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'hidden', 'archived')", name=op.f("ck_tenant_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("slug", name=op.f("uq_tenant_slug")),
        info={"tenant_column": "id", "readable": True},
    )
    create_table(
        "address",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint("role IN ('current', 'reserved', 'former', 'returning')", name=op.f("ck_address_role")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_address_tenant_id_entry_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "language", "kind", "slug", name=op.f("pk_address")),
    )
    op.create_index(
        "uq_address_one_each",
        "address",
        ["tenant_id", "entry_id", "language", "role"],
        unique=True,
        sqlite_where=sa.text("role <> 'former'"),
        postgresql_where=sa.text("role <> 'former'"),
    )

    create_table(
        "autosave",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_autosave_tenant_id_entry_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "entry_id", "language", "author", name=op.f("pk_autosave")),
    )
    create_table(
        "page",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("mirrors_id", sa.BigInteger(), nullable=True),
        sa.Column("mirrored_first", sa.Boolean(), nullable=False),
        sa.Column("thumbnail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"], ["entry.tenant_id", "entry.id"], name=op.f("fk_page_tenant_id_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "mirrors_id"], ["page.tenant_id", "page.id"], name=op.f("fk_page_tenant_id_mirrors_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_id"], ["page.tenant_id", "page.id"], name=op.f("fk_page_tenant_id_parent_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_page")),
    )
    op.create_index("ix_page_mirrors", "page", ["tenant_id", "mirrors_id"], unique=False)
    op.create_index("ix_page_parent", "page", ["tenant_id", "parent_id"], unique=False)

    create_table(
        "tenant_language",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["language"], ["language.slug"], name=op.f("fk_tenant_language_language")),
        sa.PrimaryKeyConstraint("tenant_id", "language", name=op.f("pk_tenant_language")),
    )
    create_table(
        "text",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("current_version_id", sa.BigInteger(), nullable=True),
        sa.Column("public_version_id", sa.BigInteger(), nullable=True),
        sa.Column("v3_id", sa.BigInteger(), nullable=True),
        sa.Column("review_state", sa.Text(), nullable=False),
        sa.Column("review_message", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=False),
        sa.Column("in_translation_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offline_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("review_state IN ('', 'requested', 'returned')", name=op.f("ck_text_review_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "current_version_id"],
            ["version.tenant_id", "version.id"],
            name=op.f("fk_text_tenant_id_current_version_id"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_text_tenant_id_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "public_version_id"],
            ["version.tenant_id", "version.id"],
            name=op.f("fk_text_tenant_id_public_version_id"),
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_text")),
        sa.UniqueConstraint("tenant_id", "entry_id", "language", name=op.f("uq_text_tenant_id_entry_id_language")),
        sa.UniqueConstraint("tenant_id", "v3_id", name=op.f("uq_text_tenant_id_v3_id")),
    )
    op.create_index("ix_text_current_version", "text", ["tenant_id", "current_version_id"], unique=False)
    op.create_index("ix_text_public_version", "text", ["tenant_id", "public_version_id"], unique=False)

    create_table(
        "version",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("based_on_id", sa.BigInteger(), nullable=True),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("origin IN ('human', 'machine', 'import')", name=op.f("ck_version_origin")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "based_on_id"],
            ["version.tenant_id", "version.id"],
            name=op.f("fk_version_tenant_id_based_on_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "text_id"],
            ["text.tenant_id", "text.id"],
            name=op.f("fk_version_tenant_id_text_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_version")),
        sa.UniqueConstraint("tenant_id", "text_id", "number", name=op.f("uq_version_tenant_id_text_id_number")),
        info={"append_only": True},
    )
    op.create_index("ix_version_based_on", "version", ["tenant_id", "based_on_id"], unique=False)

    create_table(
        "reference",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("to_entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_reference_tenant_id_entry_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "to_entry_id"],
            ["entry.tenant_id", "entry.id"],
            name=op.f("fk_reference_tenant_id_to_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "version_id"],
            ["version.tenant_id", "version.id"],
            name=op.f("fk_reference_tenant_id_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "version_id", "to_entry_id", "language", name=op.f("pk_reference")),
    )
    op.create_index("ix_reference_from_entry", "reference", ["tenant_id", "entry_id"], unique=False)
    op.create_index("ix_reference_to_entry", "reference", ["tenant_id", "to_entry_id"], unique=False)
