"""Reading clones and what came from where."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, not_, select

from cityinfo.features import tenants
from cityinfo.features.audit import AuditRow
from cityinfo.features.placeholders import Placeholder, PlaceholderValue
from cityinfo.features.tenants import Tenant
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


def came_from(db: Work) -> Clone | None:
    """How this city came to be; None when it is no clone."""
    return db.get(Clone, db.tenant_id)


def is_being_made(db: Work) -> bool:
    """Whether this city is a clone that has not all of its content yet."""
    found = db.get(Clone, db.tenant_id)
    return found is not None and found.step != DONE


def is_template(db: Work) -> bool:
    """Whether this city is what others are made from: hidden, it asks for facts, answers none, and is no clone."""
    return db.scalar(select(_template()).select_from(Tenant).where(Tenant.id == db.tenant_id)) or False


def _template() -> ColumnElement[bool]:
    asks = exists().where(Placeholder.tenant_id == Tenant.id)
    answers = exists().where(PlaceholderValue.tenant_id == Tenant.id)
    cloned = exists().where(Clone.tenant_id == Tenant.id)
    return and_(Tenant.status == tenants.HIDDEN, asks, not_(answers), not_(cloned))


@dataclass(frozen=True, slots=True)
class Source:
    """A city that others can be made from. A `template` asks for facts and answers none; it came from nowhere else."""

    tenant: Tenant
    is_template: bool


def sources(database: Database) -> list[Source]:
    """All cities that are not archived: templates first, then by name. One statement."""
    template = _template()
    statement = select(Tenant, template).where(Tenant.status != tenants.ARCHIVED)
    with database.unit_of_work(EVERY_TENANT, reason="looks for cities that new ones can be made from") as db:
        rows = db.execute(statement.order_by(template.desc(), Tenant.name, Tenant.slug)).all()
    return [Source(tenant, bool(is_template)) for tenant, is_template in rows]


def is_untouched(db: Work) -> bool:
    """Whether nobody has changed anything in the city since it was cloned. What the service does by itself is none."""
    done = clone_of(db).seq
    if done is None:  # nobody works in half a city
        return True
    by_itself = (str(SYSTEM), "schedule", "template")
    statement = select(AuditRow.id).where(AuditRow.seq > done, AuditRow.actor.not_in(by_itself))
    return db.scalar(statement.limit(1)) is None
