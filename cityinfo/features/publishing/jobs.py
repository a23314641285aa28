"""What the worker does for publishing."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select

from cityinfo.kernel import clock
from cityinfo.kernel.db import EVERY_TENANT, Database
from cityinfo.kernel.errors import Problem, Unavailable
from cityinfo.kernel.jobs import Run

from .actions import TENANT, Projector, move_heads, purge_tombstones
from .models import EVERY_LANGUAGE, Due, Published

RENEW = "publishing.renew"
LONGEST_REBUILD = timedelta(minutes=15)
TOMBSTONES_STAY = timedelta(days=90)
_log = logging.getLogger(__name__)


def rebuild(run: Run, *, projector: Projector) -> None:
    """Recompute a tenant's documents after its languages changed."""
    run.progress(0, lease=LONGEST_REBUILD)
    with run.unit_of_work(write=True) as db:
        projector.rebuild(db)
        run.finish(db)


def renew(run: Run) -> None:
    """Let answers about the city be made anew: something they say of it has changed elsewhere."""
    with run.unit_of_work(write=True) as db:
        move_heads(db, {(EVERY_LANGUAGE, TENANT)})
        run.finish(db)


def project_due(database: Database, *, projector: Projector) -> int:
    """Do what schedules say has come, tenant by tenant; returns how many entries were looked at."""
    now = clock.now()
    with database.unit_of_work(EVERY_TENANT, reason="looks for schedules that have come due") as db:
        rows = db.execute(select(Due.tenant_id, Due.kind, Due.entry_id).where(Due.at <= now).distinct()).all()
    for tenant_id, kind, entry_id in rows:
        try:
            with database.unit_of_work(tenant_id, write=True) as db:
                projector.pass_time(db, kind, entry_id, now)
        except Unavailable:
            raise
        except Exception as problem:  # one city's schedule must not keep the others waiting
            what = problem.code if isinstance(problem, Problem) else type(problem).__name__
            _log.error("schedule of %s %s in tenant %s: %s", kind, entry_id, tenant_id, what, exc_info=True)
    return len(rows)


def purge(database: Database) -> int:
    """Forget tombstones that are older than followers may be away."""
    limit = clock.now() - TOMBSTONES_STAY
    with database.unit_of_work(EVERY_TENANT, reason="looks for tombstones that may be forgotten") as db:
        statement = select(Published.tenant_id).where(Published.removed.is_(True), Published.published_at < limit)
        tenants = db.scalars(statement.distinct()).all()
    for tenant_id in tenants:
        with database.unit_of_work(tenant_id, write=True) as db:
            _log.info("purged %s tombstones", purge_tombstones(db, before=limit))
    return len(tenants)
