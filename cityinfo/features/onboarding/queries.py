"""Reading clones and what came from where."""

from __future__ import annotations

from sqlalchemy import select

from cityinfo.features import tenants
from cityinfo.features.audit import AuditRow
from cityinfo.kernel.db import EVERY_TENANT, NO_TENANT, Database, Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.facts import SYSTEM

from .models import DONE, Clone


def clone_of(db: Work) -> Clone:
    """How this city came to be; `NotFound` when it is no clone."""
    found = db.get(Clone, db.tenant_id)
    if found is None:
        raise NotFound("clone.unknown", "This city was not cloned from another one.")
    return found


def by_key(database: Database, key: str, slug: str) -> Clone | None:
    """The clone that was asked for under this key: most likely the city at this address."""
    with database.unit_of_work(NO_TENANT) as db:
        tenant = tenants.at(db, slug)
    if tenant is not None:
        with database.unit_of_work(tenant.id) as db:
            found = db.get(Clone, tenant.id)
        if found is not None and found.key == key:
            return found
    with database.unit_of_work(EVERY_TENANT, reason="looks whether a clone was asked for before") as db:
        return db.scalar(select(Clone).where(Clone.key == key).limit(1))


def is_being_made(db: Work) -> bool:
    """Whether this city is a clone that has not all of its content yet."""
    found = db.get(Clone, db.tenant_id)
    return found is not None and found.step != DONE


def is_untouched(db: Work) -> bool:
    """Whether nobody has changed anything in the city since it was cloned. What the service does by itself is none."""
    done = clone_of(db).seq
    if done is None:  # nobody works in half a city
        return True
    by_itself = (str(SYSTEM), "schedule", "template")
    statement = select(AuditRow.id).where(AuditRow.seq > done, AuditRow.actor.not_in(by_itself))
    return db.scalar(statement.limit(1)) is None
