"""An entry's addresses are found without reading those of all others."""

from __future__ import annotations

from alembic import op

revision = "20261129_3_addresses"
down_revision = "20261129_2_states"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_address_entry", "address", ["tenant_id", "entry_id"])
