"""What the worker does for search."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cityinfo.kernel import clock
from cityinfo.kernel.db import EVERY_TENANT, Database

from .actions import delete_old_misses
from .models import SearchMiss

KEEPS = timedelta(days=90)


def purge(database: Database) -> int:
    """Forget what was missed long ago; returns how many rows it was."""
    before = clock.now().date() - KEEPS
    with database.unit_of_work(EVERY_TENANT, reason="looks for missed searches that have been kept long enough") as db:
        tenants = db.scalars(select(SearchMiss.tenant_id).where(SearchMiss.day < before).distinct()).all()
    deleted = 0
    for tenant_id in sorted(tenants):
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            deleted += delete_old_misses(db, before)
    return deleted
