"""What the worker does for kept answers."""

from __future__ import annotations

from sqlalchemy import select

from cityinfo.kernel import clock
from cityinfo.kernel.db import EVERY_TENANT, Database

from .actions import delete_old
from .models import KeptAnswer
from .rules import KEPT_FOR


def purge(database: Database) -> int:
    """Delete answers that no longer count; returns how many."""
    limit = clock.now() - KEPT_FOR
    with database.unit_of_work(EVERY_TENANT, reason="looks for answers that no longer count") as db:
        tenants = db.scalars(select(KeptAnswer.tenant_id).where(KeptAnswer.created_at <= limit).distinct()).all()
    deleted = 0
    for tenant_id in tenants:
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            deleted += delete_old(db, limit)
    return deleted
