"""Second factors, links by mail, failed logins, and what is known of a session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cityinfo.schema import create_table

revision = "20261125_4_logins"
down_revision = "20261125_3_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sessions()
    _second_factors()
    _links()
    _failures()


def _sessions() -> None:
    # Sessions of before were made without a second factor, on devices nobody noted.
    with op.batch_alter_table("login_session") as batch:
        batch.add_column(sa.Column("strong", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("device", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("network", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("login_session") as batch:
        for name in ("strong", "device", "network"):
            batch.alter_column(name, server_default=None)


def _second_factors() -> None:
    create_table(
        "authenticator",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_authenticator_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_authenticator")),
    )
    create_table(
        "passkey",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index("ix_passkey_account", "passkey", ["account_id"])
    create_table(
        "recovery_code",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_recovery_code")),
    )
    create_table(
        "second_factor_rule",
        sa.Column("tenant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "role", name=op.f("pk_second_factor_rule")),
    )


def _links() -> None:
    create_table(
        "login_link",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('invitation', 'password')", name=op.f("ck_login_link_purpose")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_login_link_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_link")),
    )
    op.create_index("ix_login_link_account", "login_link", ["account_id"])
    op.create_index("ix_login_link_expires_at", "login_link", ["expires_at"])


def _failures() -> None:
    create_table(
        "login_failure",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_failure")),
    )
    op.create_index("ix_login_failure_failed_at", "login_failure", ["failed_at"])
    create_table(
        "used_challenge",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_challenge")),
    )
    op.create_index("ix_used_challenge_forget_at", "used_challenge", ["forget_at"])
