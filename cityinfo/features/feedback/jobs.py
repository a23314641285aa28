"""What the worker does for feedback."""

from __future__ import annotations

from sqlalchemy import select

from cityinfo.kernel import clock
from cityinfo.kernel.db import EVERY_TENANT, Database

from .actions import delete_old
from .models import Feedback


def purge(database: Database) -> int:
    """Delete feedback that has been kept long enough; returns how much it was."""
    now = clock.now()
    with database.unit_of_work(EVERY_TENANT, reason="looks for feedback that has been kept long enough") as db:
        tenants = set(db.scalars(select(Feedback.tenant_id).where(Feedback.delete_at <= now).distinct()))
    deleted = 0
    for tenant_id in sorted(tenants):
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            deleted += delete_old(db, now)
    return deleted
