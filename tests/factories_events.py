"""Events, as an editor would make them."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from cityinfo import registry
from cityinfo.adapters.ical import CalendarServer
from cityinfo.adapters.outside import networks_of
from cityinfo.features import content, events
from cityinfo.features.events import EventFacts
from cityinfo.kernel import jobs
from tests.factories import EDITOR, City
from tests.factories_entries import write_in


def wall(text: str) -> datetime:
    """What a clock on the wall shows."""
    return datetime.fromisoformat(text)


def facts(starts: str, ends: str | None = None, **more: object) -> EventFacts:
    """An event of two hours, unless another end is given."""
    begin = wall(starts)
    return EventFacts(starts=begin, ends=wall(ends) if ends else begin + timedelta(hours=2), **more)


def hold(
    city: City,
    title: str,
    starts: str,
    ends: str | None = None,
    *,
    language: str = "de",
    text: str = "<p>Guten Tag.</p>",
    public: bool = True,
    past: bool = False,
    **more: object,
) -> int:
    """A new event with its words."""
    with city.write() as db:
        make = events.create_imported if past else events.create
        event = make(db, facts(starts, ends, **more), actor=EDITOR)
        write_in(db, event.id, title, language=language, text=text, public=public)
        return event.id


def change(city: City, event_id: int, starts: str, ends: str | None = None, **more: object) -> None:
    with city.write() as db:
        revision = content.find_entry(db, event_id).revision
        events.change(db, event_id, facts(starts, ends, **more), revision=revision, actor=EDITOR)


def move_one(city: City, event_id: int, original: str, starts: str, ends: str) -> None:
    """One occurrence takes place at another time."""
    with city.write() as db:
        revision = content.find_entry(db, event_id).revision
        events.override(db, event_id, wall(original), (wall(starts), wall(ends)), revision=revision, actor=EDITOR)


def cancel_one(city: City, event_id: int, original: str) -> None:
    with city.write() as db:
        revision = content.find_entry(db, event_id).revision
        events.override(db, event_id, wall(original), None, revision=revision, actor=EDITOR)


def change_one(
    city: City, event_id: int, original: str, title: str, *, language: str = "de", text: str = "<p>Anders.</p>"
) -> int:
    """One occurrence has words of its own; returns its entry."""
    with city.write() as db:
        revision = content.find_entry(db, event_id).revision
        one = events.reword(db, event_id, wall(original), revision=revision, actor=EDITOR)
        write_in(db, one.id, title, language=language, text=text)
        return one.id


def move_one_to(city: City, event_id: int, original: str, **place: object) -> None:
    """One occurrence takes place somewhere else."""
    with city.write() as db:
        revision = content.find_entry(db, event_id).revision
        events.relocate(db, event_id, wall(original), events.Whereabouts(**place), revision=revision, actor=EDITOR)


def run_calendars(city: City, *calendar_ids: int) -> None:
    """What a worker does: takes over these calendars, and all whose run is promised."""
    source = CalendarServer(networks_of("127.0.0.0/8,::1/128"))
    known = {**registry.JOBS, events.RUN_CALENDAR: partial(events.run_calendar, source=source)}
    with city.write() as db:
        for calendar_id in calendar_ids:
            jobs.enqueue(db, events.RUN_CALENDAR, calendar_id=calendar_id)
    with city.read() as db:
        promised = [job.id for job in jobs.open_jobs(db, events.RUN_CALENDAR)]
    for job_id in promised:
        jobs.run_job(city.database, known, city.tenant_id, job_id)
