"""The list of calendars, one of them with how its last run went, and the form in which it is looked at first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.entries import picking
from cityinfo.cms.entries.words import number
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.cms.writing.desk import city_languages
from cityinfo.features import events, tenants
from cityinfo.features.events import CalendarDraft, ExternalCalendar
from cityinfo.features.locations import LOCATIONS
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, NotFound, Outdated, Problem, Unavailable
from cityinfo.kernel.i18n import _, said_again
from cityinfo.kernel.jobs import Job
from cityinfo.web.guard import guarded

from . import words
from .looking import Look, look

LIST = "/<tenant>/events/calendars"
ONE = f"{LIST}/<int:calendar_id>"
NAMES = ("name", "address", "language", "category", "location", "find_location", "looked", "revision")
FIELDS = {"calendar.language": "language", "calendar.nameless": "name"}  # all else is about the address
KEEP, SHOW = "keep", "show"


@blueprint.get(LIST)
@guarded("calendar:read")
def list_calendars(tenant: str) -> AnyResponse:
    """All of them by name, with how the last run of each went."""
    with screen() as (db, _actor):
        runs, numbers = _runs(db), events.count_imported(db)
        rows = [
            (one, words.standing(one, runs.get(one.id)), words.counted(one.last_result), numbers.get(one.id, 0))
            for one in events.all_calendars(db)
        ]
        return render("calendars/list.html", rows=rows, languages=city_languages(db), is_on=_is_on(db))


@blueprint.get(f"{LIST}/new")
@guarded("calendar:manage")
def new_calendar(tenant: str) -> AnyResponse:
    """An empty form."""
    with screen() as (db, _actor):
        return _form(db, Form({"language": tenants.root_language(db)}), None)


@blueprint.post(f"{LIST}/new")
@guarded("calendar:manage")
def add_calendar(tenant: str) -> AnyResponse:
    """Show what the calendar would bring and, once that was seen, take it over from now on (`do`)."""
    return _save(tenant, None)


@blueprint.get(f"{ONE}/change")
@guarded("calendar:manage")
def change_calendar(tenant: str, calendar_id: int) -> AnyResponse:
    """The form of a calendar."""
    with screen() as (db, _actor):
        calendar = events.find_calendar(db, calendar_id)
        return _form(db, Form(_shown(calendar)), calendar)


@blueprint.post(f"{ONE}/change")
@guarded("calendar:manage")
def save_calendar(tenant: str, calendar_id: int) -> AnyResponse:
    """The same for one that is there already. What was typed stays when it is refused."""
    return _save(tenant, calendar_id)


@blueprint.get(ONE)
@guarded("calendar:read")
def show_calendar(tenant: str, calendar_id: int) -> AnyResponse:
    """Where it stands, what its last run did, and what that left out and why."""
    with screen() as (db, _actor):
        return _one(db, events.find_calendar(db, calendar_id))


@blueprint.post(f"{ONE}/look")
@guarded("calendar:manage")
def look_at_calendar(tenant: str, calendar_id: int) -> AnyResponse:
    """What a run would do now. The calendar is asked for it, and nothing is written."""
    with screen() as (db, _actor):
        draft = _draft(_shown(events.find_calendar(db, calendar_id)))
    try:
        found = _looked_at(draft, calendar_id)
    except (Invalid, Unavailable) as problem:
        with screen() as (db, _actor):
            sentence = sentences.said(problem)
            return _one(db, events.find_calendar(db, calendar_id), problem=sentence, status=422)
    with screen() as (db, _actor):
        return _one(db, events.find_calendar(db, calendar_id), found=found)


@blueprint.post(f"{ONE}/run")
@guarded("calendar:manage")
def run_calendar(tenant: str, calendar_id: int) -> AnyResponse:
    """Take it over now: a job does it, and the screen follows."""
    with screen(write=True) as (db, actor):
        events.find_calendar(db, calendar_id)
        job = _runs(db).get(calendar_id)
        if job is None:
            jobs.enqueue(db, events.RUN_CALENDAR, calendar_id=calendar_id)
        elif not words.is_at_work(job):
            jobs.retry(db, job.id, actor=actor)
    return go("show_calendar", tenant=tenant, calendar_id=calendar_id)


@blueprint.post(f"{ONE}/pause")
@guarded("calendar:manage")
def pause_calendar(tenant: str, calendar_id: int) -> AnyResponse:
    """Let it rest (`paused`) or take it over every night again."""
    paused = bool(request.form.get("paused"))
    with screen(write=True) as (db, actor):
        calendar = events.find_calendar(db, calendar_id)
        draft = _draft(_shown(calendar), paused=paused)
        events.change_calendar(db, calendar_id, draft, revision=calendar.revision, actor=actor)
    if paused:
        notice(_("Paused."), _("Its events stay as they are until it is taken over again."))
    else:
        notice(_("It is taken over every night again."))
    return go("show_calendar", tenant=tenant, calendar_id=calendar_id)


@blueprint.post(f"{ONE}/remove")
@guarded("calendar:manage")
def remove_calendar(tenant: str, calendar_id: int) -> AnyResponse:
    """Take nothing over any more; its events leave, or stay as the city's own (`events`)."""
    keep = request.form.get("events") == KEEP
    with screen(write=True) as (db, actor):
        events.remove_calendar(db, calendar_id, keep=keep, actor=actor)
    rest = _("Its events stay as your own.") if keep else _("Its events that were still to come are archived.")
    notice(_("Removed."), rest)
    return go("list_calendars", tenant=tenant)


@blueprint.post(f"{ONE}/take-back")
@guarded("calendar:manage")
def take_back_event(tenant: str, calendar_id: int) -> AnyResponse:
    """Let an event that was deleted here (`uid`) come back with the next run."""
    try:
        with screen(write=True) as (db, actor):
            events.take_back(db, calendar_id, request.form.get("uid", ""), actor=actor)
    except NotFound as problem:
        notice(sentences.said(problem), kind="danger")
    else:
        notice(_("It comes back when the calendar is taken over next."))
    return go("show_calendar", tenant=tenant, calendar_id=calendar_id)


def _save(tenant: str, calendar_id: int | None) -> AnyResponse:
    values = {name: request.form.get(name, "").strip() for name in NAMES}
    do = request.form.get("do", "").partition(":")[0]
    try:
        draft = _draft(values)
        if do == SHOW:
            return _again(values, calendar_id)
        if do != KEEP or values["looked"] != _place(values):
            found = _looked_at(draft, calendar_id)
            return _again({**values, "looked": _place(values)}, calendar_id, found=found)
        kept_id = _keep(draft, calendar_id, number(values["revision"]))
    except (Invalid, Outdated, Unavailable) as problem:
        return _again({**values, "looked": ""}, calendar_id, problem=problem)
    notice(_("Saved."), _("It is being taken over now."))
    return go("show_calendar", tenant=tenant, calendar_id=kept_id)


def _keep(draft: CalendarDraft, calendar_id: int | None, revision: int) -> int:
    """Add or change it, and promise a run; its identity."""
    with screen(write=True) as (db, actor):
        if calendar_id is None:
            calendar_id = events.add_calendar(db, draft, actor=actor).id
        else:
            paused = events.find_calendar(db, calendar_id).paused
            events.change_calendar(db, calendar_id, replace(draft, paused=paused), revision=revision, actor=actor)
        if not words.is_at_work(_runs(db).get(calendar_id)):
            jobs.enqueue(db, events.RUN_CALENDAR, calendar_id=calendar_id)
        return calendar_id


def _again(
    values: dict[str, str], calendar_id: int | None, *, found: Look | None = None, problem: Problem | None = None
) -> AnyResponse:
    """The form with what was typed: what the calendar would bring, or why it cannot be taken."""
    with screen() as (db, _actor):
        calendar = events.find_calendar(db, calendar_id) if calendar_id else None
        form = Form(values)
        if isinstance(problem, Outdated) and calendar is not None:
            form = Form({**values, "revision": str(calendar.revision)}, problem=sentences.overtaken())
        elif problem is not None:
            form.refuse(problem, {problem.code: FIELDS.get(problem.code, "address")})
        status = 200 if problem is None else 409 if isinstance(problem, Outdated) else 422
        return _form(db, form, calendar, found=found, status=status)


def _form(
    db: Work, form: Form, calendar: ExternalCalendar | None, *, found: Look | None = None, status: int = 200
) -> AnyResponse:
    return render(
        "calendars/edit.html",
        status=status,
        form=form,
        calendar=calendar,
        may_write=True,
        languages=city_languages(db),
        is_bound=calendar is not None and bool(events.imported(db, calendar.id)),
        locations=picking.entries(db, LOCATIONS, "location", form),
        look=found,
    )


def _one(
    db: Work, calendar: ExternalCalendar, *, found: Look | None = None, problem: str = "", status: int = 200
) -> AnyResponse:
    job = _runs(db).get(calendar.id)
    result: dict[str, Any] = calendar.last_result
    return render(
        "calendars/show.html",
        status=status,
        calendar=calendar,
        standing=words.standing(calendar, job),
        job=job if words.is_at_work(job) else None,
        counted=words.counted(result),
        failure=said_again(calendar.last_error),
        failing=words.failing_since(calendar),
        runs=words.runs(calendar)[1:],
        rejected=words.named(result.get("rejected", ())),
        left_out=words.left_out(result),
        refused=events.refused(db, calendar.id).values(),
        number=events.count_imported(db).get(calendar.id, 0),
        languages=city_languages(db),
        place=picking.entries(db, LOCATIONS, "location", Form(_shown(calendar))),
        look=found,
        problem=problem,
        is_on=_is_on(db),
    )


def _looked_at(draft: CalendarDraft, calendar_id: int | None) -> Look:
    """Asks the calendar's server: between units of work, since it may take long."""
    with screen() as (db, _actor):
        events.check_calendar(db, draft)
        zone = tenants.time_zone(db)
    read = events.try_out(current_app.extensions["calendars"](), draft, zone=zone)
    with screen() as (db, _actor):
        return look(events.forecast(db, draft, read, calendar_id=calendar_id))


def _draft(values: dict[str, str], *, paused: bool = False) -> CalendarDraft:
    return CalendarDraft(
        name=values["name"],
        address=values["address"],
        language=values["language"],
        category=values["category"],
        location=picking.one(values["location"]),
        paused=paused,
    )


def _shown(calendar: ExternalCalendar) -> dict[str, str]:
    """A calendar as fields show it."""
    return {
        "name": calendar.name,
        "address": calendar.address,
        "language": calendar.language,
        "category": calendar.category,
        "location": str(calendar.location_id or ""),
        "revision": str(calendar.revision),
        "looked": _place({"address": calendar.address, "category": calendar.category}),
    }


def _place(values: dict[str, str]) -> str:
    """What of a calendar must have been looked at before it is kept."""
    return f"{values['address']} {values['category']}".strip()


def _runs(db: Work) -> dict[int, Job]:
    """Runs that are promised, under way or given up, by calendar."""
    return {int(job.arguments["calendar_id"]): job for job in jobs.open_jobs(db, events.RUN_CALENDAR)}


def _is_on(db: Work) -> bool:
    return tenants.offers(db, events.FLAG)
