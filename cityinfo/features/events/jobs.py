"""What the worker does for events: takes over calendars every night."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from cityinfo.features import tenants
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import EVERY_TENANT, Database
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.jobs import Run
from cityinfo.kernel.listing import portions

from . import calendars, queries
from .components import Read
from .models import ExternalCalendar
from .ports import CalendarSource

RUN_CALENDAR = "events.run_calendar"
FLAG = "events"
LONGEST_FETCH = timedelta(minutes=5)
PAUSE = timedelta(hours=20)  # a worker that starts anew need not ask everyone again
PORTION = 50


def run_calendar(run: Run, calendar_id: int, *, source: CalendarSource) -> None:
    """Take over a calendar as it is now; an error is kept with the calendar and leaves its events as they are."""
    run.progress(0, lease=LONGEST_FETCH)
    try:
        with run.unit_of_work() as db:
            if not tenants.offers(db, FLAG):
                return
            calendar, zone = queries.find_calendar(db, calendar_id), tenants.time_zone(db)
        read = calendars.fetch(source, calendar, zone=zone)
        plan = _take_over(run, calendar_id, read)
    except Problem as problem:
        with run.unit_of_work(write=True) as db:
            calendars.note_result(db, calendar_id, error=problem.message)
            run.finish(db)
        return
    with run.unit_of_work(write=True) as db:
        plan.vanished = calendars.withdraw(db, calendar_id, read.uids)
        calendars.note_result(db, calendar_id, result=plan.result())
        run.finish(db)


def enqueue_calendars(database: Database) -> int:
    """Promise a run of every calendar that had none today, in cities with events; returns how many had none."""
    limit = clock.now() - PAUSE
    with database.unit_of_work(EVERY_TENANT, reason="looks for calendars to take over") as db:
        due = or_(ExternalCalendar.last_run_at.is_(None), ExternalCalendar.last_run_at < limit)
        rows = db.execute(select(ExternalCalendar.tenant_id, ExternalCalendar.id).where(due)).all()
    for tenant_id, calendar_id in rows:
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            if tenants.offers(db, FLAG):
                jobs.enqueue(db, RUN_CALENDAR, calendar_id=calendar_id)
    return len(rows)


def _take_over(run: Run, calendar_id: int, read: Read) -> calendars.Plan:
    """In steps, so that a large calendar keeps nobody waiting."""
    plan = calendars.Plan(rejected=list(read.rejected))
    done = 0
    for some in portions(list(read.found.values()), PORTION):
        with run.unit_of_work(write=True) as db:
            calendars.take_over(db, calendar_id, some, plan)
        done += len(some)
        run.progress(90 * done // len(read.found), lease=LONGEST_FETCH)
    return plan
