"""Reading how cities are doing: from the rows they have measured themselves, never from what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from cityinfo.features import accounts
from cityinfo.features.tenants import ARCHIVED, Tenant
from cityinfo.kernel.db import EVERY_TENANT, Database

from . import rules
from .models import TenantCondition as Found

WHY = "shows the platform's staff how cities are doing"
SORTS = ("name", "current", "outdated", "waiting", "broken", "managers", "size", "edited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which cities, in which order. `status` empty: all that are not archived; `need` is one of `rules.NEEDS`.

    `quota` is the space for files of cities without one of their own, `now` the moment at which it is asked.
    """

    quota: int
    now: datetime
    q: str = ""
    status: str = ""
    need: str = ""
    sort: str = "name"
    falling: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A city and what was measured in it; nothing until the worker was there."""

    tenant: Tenant
    found: Found | None


def sheet(database: Database, wanted: Wanted, *, start: int, most: int) -> tuple[list[Report], int]:
    """A sheet of cities, and how many fit. Two statements."""
    with database.unit_of_work(EVERY_TENANT, reason=WHY) as db:
        fitting = _fitting(wanted)
        total = db.scalar(fitting.with_only_columns(func.count(Tenant.id), maintain_column_froms=True)) or 0
        rows = db.execute(fitting.order_by(*_order(wanted)).offset(start).limit(most)).all()
    return [Report(tenant, found) for tenant, found in rows], total


def each(database: Database, wanted: Wanted) -> Iterator[Report]:
    """All that fit, one after the other."""
    with database.unit_of_work(EVERY_TENANT, reason=WHY) as db:
        for tenant, found in db.execute(_fitting(wanted).order_by(*_order(wanted))).yield_per(500):
            yield Report(tenant, found)


def report(database: Database, tenant_id: int) -> Report | None:
    """One city; None when there is none such."""
    with database.unit_of_work(EVERY_TENANT, reason=WHY) as db:
        row = db.execute(_all().where(Tenant.id == tenant_id)).one_or_none()
    return Report(row[0], row[1]) if row else None


def unmeasured(database: Database, *, since: datetime) -> list[int]:
    """The cities that are not archived and were not measured since a moment."""
    statement = select(Tenant.id).outerjoin(Found, Found.tenant_id == Tenant.id).order_by(Tenant.id)
    old = or_(Found.measured_at.is_(None), Found.measured_at < since)
    with database.unit_of_work(EVERY_TENANT, reason=WHY) as db:
        return list(db.scalars(statement.where(Tenant.status != ARCHIVED, old)))


def _all() -> Select[Tenant, Found]:
    return select(Tenant, Found).outerjoin(Found, Found.tenant_id == Tenant.id)


def _fitting(wanted: Wanted) -> Select[Tenant, Found]:
    statement = _all().where(Tenant.status == wanted.status if wanted.status else Tenant.status != ARCHIVED)
    if wanted.q:
        sought = f"%{wanted.q.lower()}%"
        statement = statement.where(or_(func.lower(Tenant.name).like(sought), Tenant.slug.like(sought)))
    condition = _conditions(wanted).get(wanted.need)
    return statement if condition is None else statement.where(condition)


def _conditions(wanted: Wanted) -> Mapping[str, ColumnElement[bool]]:
    """The same as `rules.needs_of`, as the database says it; a test compares both."""
    unedited = or_(Found.edited_at.is_(None), Found.edited_at < wanted.now - rules.UNTENDED_AFTER)
    return {
        rules.BROKEN: _BROKEN > 0,
        rules.MANAGERS: Found.managers < accounts.MANAGERS_RECOMMENDED,
        rules.FULL: Found.media_bytes * 100 >= func.coalesce(Found.media_quota, wanted.quota) * rules.FULL_FROM,
        rules.OUTDATED: Found.outdated * 100 > Found.texts * rules.MANY_OUTDATED,
        rules.WAITING: Found.waiting > 0,
        rules.UNTENDED: Found.measured_at.is_not(None) & unedited,
        rules.UNMEASURED: Found.measured_at.is_(None),
    }


_BROKEN = Found.calendars_broken + Found.jobs_failed + Found.webhooks_failing
# Nothing to translate counts as all done.
_SHARE = case((Found.texts > 0, Found.current * 1000 / Found.texts), else_=1000)


def _order(wanted: Wanted) -> Sequence[Any]:
    by: dict[str, ColumnElement[Any]] = {
        "current": case((Found.measured_at.is_(None), None), else_=_SHARE),
        "outdated": Found.outdated.expression,
        "waiting": Found.waiting.expression,
        "broken": _BROKEN,
        "managers": Found.managers.expression,
        "size": Found.media_bytes.expression,
        "edited": Found.edited_at.expression,
    }
    first = by.get(wanted.sort, func.lower(Tenant.name))
    return ((first.desc() if wanted.falling else first.asc()).nulls_last(), Tenant.name, Tenant.id)
