"""Cities that move in from another system: where from, how far they are, what does not fit, and the switch."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, blueprint, go, notice, render
from cityinfo.cms.login.entering import database
from cityinfo.cms.words import language_name
from cityinfo.features import moving, tenants
from cityinfo.features.moving import CityChoices, MoveInRun, Server
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, NotFound, Problem, Unavailable
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.kernel.jobs import Job
from cityinfo.web.guard import guarded

from . import moves
from .desk import ON_A_SHEET, in_city, staff_screen, start

ALL = "/platform/moving"
ONE = f"{ALL}/<int:city_id>"
FIELDS = {
    **dict.fromkeys(("tenant.slug", "tenant.slug_reserved", "tenant.slug_taken"), "slug"),
    "moving.name": "name",
}  # all else is about the source


@blueprint.get(ALL)
@guarded("platform:manage")
def list_moving() -> AnyResponse:
    """All of them by name, with how the last run of each ended, and the form for another one."""
    with staff_screen():
        return _show_all(Form())


@blueprint.post(ALL)
@guarded("platform:manage")
def begin_moving() -> AnyResponse:
    """Ask the old server for the city, open it here, and promise the first run. What was typed stays when refused."""
    form = Form({name: request.form.get(name, "").strip() for name in ("source", "slug", "region", "name")})
    with staff_screen() as (_db, staff):
        actor = Actor(staff.kind, staff.name)  # may do this, as was asked above
    try:
        city_id = _request(form, actor)
    except (Conflict, Invalid, NotFound, Unavailable) as problem:
        form.refuse(problem, {problem.code: FIELDS.get(problem.code, "source")})
        with staff_screen():
            return _show_all(form, status=422)
    notice(_("It is being brought here."), _("It stays hidden from readers until you show it."))
    return go("show_moving", city_id=city_id)


@blueprint.get(ONE)
@guarded("platform:manage")
def show_moving(city_id: int) -> AnyResponse:
    """Where it stands and what its last run, or the one asked for, did and left."""
    with staff_screen() as (db, _actor):
        city, names = _city(db, city_id), {slug: language_name(one) for slug, one in tenants.languages(db).items()}
    with database().unit_of_work(city_id) as db:
        state, runs = moving.move_in_of(db), moving.runs(db)
        job = _job(db, runs[0] if runs else None)
        number = request.args.get("run", type=int)
        ended = [one for one in runs if one.ended_at is not None]
        shown = moving.run_of(db, number) if number else (ended[0] if ended else None)
    return render(
        "platform/moving_city.html",
        city_row=city,
        state=state,
        standing=moves.standing(state, runs[0] if runs else None, job),
        job=job if moves.is_at_work(job) else None,
        steps=moves.steps(),
        shown=shown if shown and shown.report else None,
        columns=moves.columns(),
        kinds=moves.kinds,
        languages=lambda report: moves.languages(report, names),
        runs=[(one, moves.of_run(one)) for one in runs],
    )


@blueprint.post(f"{ONE}/run")
@guarded("platform:manage")
def run_moving(city_id: int) -> AnyResponse:
    """Bring what is new there."""
    with staff_screen() as (db, staff):
        slug, actor = _city(db, city_id).slug, Actor(staff.kind, staff.name)
    with database().unit_of_work(city_id) as db:
        moving.move_in_of(db)
    try:
        requested = moving.request(database(), "", CityChoices(slug=slug), server=_server(), actor=actor)
        _try_again(city_id, requested.job_id, actor)
    except Problem as problem:
        notice(sentences.said(problem), kind="danger")
    return go("show_moving", city_id=city_id)


@blueprint.post(f"{ONE}/stop")
@guarded("platform:manage")
def stop_moving(city_id: int) -> AnyResponse:
    """Call off the run that is under way; what has come stays."""
    with staff_screen() as (_db, staff):
        actor = Actor(staff.kind, staff.name)
    with database().unit_of_work(city_id, write=True) as db:
        for job in jobs.open_jobs(db, moving.MOVE_IN):
            jobs.call_off(db, job.id, actor=actor)
    notice(_("Called off."), _("What has come so far stays; the next run goes on from there."))
    return go("show_moving", city_id=city_id)


@blueprint.post(f"{ONE}/switch")
@guarded("platform:manage")
def switch_moving(city_id: int) -> AnyResponse:
    """From now on the city is written here."""
    try:
        with in_city(city_id, reason=request.form.get("reason", "")) as (db, actor):
            moving.switch(db, actor=actor)
    except Invalid as problem:
        notice(sentences.said(problem), kind="danger")
    else:
        notice(_("This city is written here now."), _("Nothing comes from the old server any more."))
    return go("show_moving", city_id=city_id)


def _request(form: Form, actor: Actor) -> int:
    """The city that comes."""
    source = form.values["source"]
    if "://" not in source:
        raise Invalid("moving.address", _("Write the address of the old server, with https:// in front."))
    about = {name: form.values[name] for name in ("slug", "region", "name")}
    choices = CityChoices(**about, only_new=True)
    return moving.request(database(), source, choices, server=_server(), actor=actor).tenant_id


def _show_all(form: Form, *, status: int = 200) -> AnyResponse:
    coming, here = moving.moving_cities(database()), start()
    with staff_screen() as (db, _actor):
        cities = [one for one in tenants.everyone(db) if one.id in coming]
    rows = sorted(cities, key=lambda one: one.name.casefold())
    return render(
        "platform/moving.html",
        status=status,
        form=form,
        rows=[(one, *coming[one.id], moves.standing(*coming[one.id])) for one in rows[here : here + ON_A_SHEET]],
        following=here + ON_A_SHEET if here + ON_A_SHEET < len(rows) else None,
    )


def _city(db: Work, city_id: int) -> tenants.Tenant:
    found = next((one for one in tenants.everyone(db) if one.id == city_id), None)
    if found is None:
        raise NotFound("tenant.unknown", _("There is no such city."))
    return found


def _job(db: Work, run: MoveInRun | None) -> Job | None:
    try:
        return jobs.find(db, run.job_id) if run else None
    except NotFound:  # those that ended long ago are forgotten
        return None


def _try_again(city_id: int, job_id: int, actor: Actor) -> None:
    """What waits for its next attempt, or was given up, is tried at once."""
    with database().unit_of_work(city_id, write=True) as db:
        job = jobs.find(db, job_id)
        if job.finished_at is None and job.lease_until is None and job.attempts:
            jobs.retry(db, job_id, actor=actor)


def _server() -> Server:
    opened: Callable[[], Server] = current_app.extensions["old_server"]
    return opened()
