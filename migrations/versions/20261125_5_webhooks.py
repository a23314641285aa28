"""The end of the audit log is noted; its rows are found in order and by the thing they are about. Webhooks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import close_table, create_table

revision = "20261125_5_webhooks"
down_revision = "20261125_3_accounts"
branch_labels = None
depends_on = None

_ENDS = """
INSERT INTO audit_head (tenant_id, count, digest)
SELECT tenant_id, count(*),
       (SELECT digest FROM audit AS last WHERE last.tenant_id = audit.tenant_id ORDER BY seq DESC, id DESC LIMIT 1)
FROM audit GROUP BY tenant_id
"""
_PLATFORM_END = """
INSERT INTO platform_audit_head (id, count, digest)
SELECT 1, count(*), (SELECT digest FROM platform_audit ORDER BY seq DESC, id DESC LIMIT 1)
FROM platform_audit HAVING count(*) > 0
"""


def upgrade() -> None:
    _audit()
    _heads()
    _webhooks()
    _deliveries()


def _audit() -> None:
    op.create_index("ix_audit_order", "audit", ["tenant_id", "seq", "id"])
    op.create_index("ix_audit_thing", "audit", ["tenant_id", "kind", "entry_id"])
    for table in ("audit", "platform_audit"):
        op.add_column(table, sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False))


def _heads() -> None:
    heads = [_head("audit_head", "tenant_id"), _head("platform_audit_head", "id")]
    _note_ends()
    for head in heads:
        close_table(head)


def _head(name: str, key: str) -> sa.Table:
    return op.create_table(
        name,
        sa.Column(key, sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
    )


def _note_ends() -> None:
    """The role that owns the tables is kept out of their rows like any other; for this one statement it is let in."""
    forced = op.get_bind().dialect.name == "postgresql"
    if forced:
        op.execute("ALTER TABLE audit NO FORCE ROW LEVEL SECURITY")
    op.execute(_ENDS)
    op.execute(_PLATFORM_END)
    if forced:
        op.execute("ALTER TABLE audit FORCE ROW LEVEL SECURITY")


def _webhooks() -> None:
    create_table(
        "webhook",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("former_secret", sa.Text(), nullable=False),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("note IN ('', 'failing', 'gone')", name=op.f("ck_webhook_note")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhook")),
    )


def _deliveries() -> None:
    create_table(
        "webhook_delivery",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("webhook_id", sa.BigInteger(), nullable=False),
        sa.Column("from_seq", sa.BigInteger(), nullable=False),
        sa.Column("from_place", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'dropped')", name=op.f("ck_webhook_delivery_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "webhook_id"],
            ["webhook.tenant_id", "webhook.id"],
            name=op.f("fk_webhook_delivery_tenant_id_webhook_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index("ix_webhook_delivery_webhook", "webhook_delivery", ["tenant_id", "webhook_id", "id"])
    op.create_index("ix_webhook_delivery_created", "webhook_delivery", ["created_at"])
