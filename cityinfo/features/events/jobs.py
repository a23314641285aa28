"""What the worker does for events: takes over calendars every night."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

from sqlalchemy import or_, select

from cityinfo.features import tenants
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import EVERY_TENANT, Database, Work
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.jobs import Run
from cityinfo.kernel.listing import portions

from . import calendars, queries
from .calendars import Plan
from .components import Read
from .models import ExternalCalendar
from .ports import CalendarSource

RUN_CALENDAR = "events.run_calendar"
FLAG = "events"
LONGEST_FETCH = timedelta(minutes=5)
PAUSE = timedelta(hours=20)  # a worker that starts anew need not ask everyone again
PORTION = 50

Opened = Callable[..., AbstractContextManager[Work]]  # opens a unit of work of the calendar's tenant


def run_calendar(run: Run, calendar_id: int, *, source: CalendarSource) -> None:
    """Take over a calendar as it is now; an error is kept with the calendar and leaves its events as they are."""
    run.progress(0, lease=LONGEST_FETCH)
    try:
        with run.unit_of_work() as db:
            if not tenants.offers(db, FLAG) or not queries.has_calendar(db, calendar_id):
                return
        read = _read(run.unit_of_work, calendar_id, source)
        plan = _take_over(
            run.unit_of_work, calendar_id, read, tell=lambda percent: run.progress(percent, lease=LONGEST_FETCH)
        )
    except Problem as problem:
        with run.unit_of_work(write=True) as db:
            calendars.note_result(db, calendar_id, error=problem.message)
            run.finish(db)
        return
    with run.unit_of_work(write=True) as db:
        _end(db, calendar_id, read, plan)
        run.finish(db)


def take_over_now(database: Database, tenant_id: int, calendar_id: int, *, source: CalendarSource) -> Plan:
    """The same for someone who waits: returns what was done, raises what is wrong."""
    opened = partial(database.unit_of_work, tenant_id)
    try:
        read = _read(opened, calendar_id, source)
        plan = _take_over(opened, calendar_id, read)
    except Problem as problem:
        with opened(write=True) as db:
            calendars.note_result(db, calendar_id, error=problem.message)
        raise
    with opened(write=True) as db:
        _end(db, calendar_id, read, plan)
    return plan


def enqueue_calendars(database: Database) -> int:
    """Promise a run of every calendar that had none today and is not paused; returns how many (cities with events)."""
    limit = clock.now() - PAUSE
    with database.unit_of_work(EVERY_TENANT, reason="looks for calendars to take over") as db:
        due = or_(ExternalCalendar.last_run_at.is_(None), ExternalCalendar.last_run_at < limit)
        wanted = select(ExternalCalendar.tenant_id, ExternalCalendar.id).where(due, ExternalCalendar.paused.is_(False))
        rows = db.execute(wanted).all()
    for tenant_id, calendar_id in rows:
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            if tenants.offers(db, FLAG):
                jobs.enqueue(db, RUN_CALENDAR, calendar_id=calendar_id)
    return len(rows)


def _read(opened: Opened, calendar_id: int, source: CalendarSource) -> Read:
    with opened() as db:
        calendar, zone = queries.find_calendar(db, calendar_id), tenants.time_zone(db)
    return calendars.fetch(source, calendar, zone=zone)


def _take_over(opened: Opened, calendar_id: int, read: Read, *, tell: Callable[[int], object] = lambda _: None) -> Plan:
    """In steps, so that a large calendar keeps nobody waiting. `tell` hears how many percent are done."""
    plan = Plan(rejected=list(read.rejected))
    done = 0
    for some in portions(list(read.found.values()), PORTION):
        with opened(write=True) as db:
            calendars.take_over(db, calendar_id, some, plan)
        done += len(some)
        tell(90 * done // len(read.found))
    return plan


def _end(db: Work, calendar_id: int, read: Read, plan: Plan) -> None:
    plan.vanished = calendars.withdraw(db, calendar_id, read.uids)
    calendars.note_result(db, calendar_id, result=plan.result())
