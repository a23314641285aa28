"""One city: its report in words, and whether readers find it."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, blueprint, go, notice, render
from cityinfo.cms.login.entering import database
from cityinfo.cms.opening.shown import shown
from cityinfo.features import condition, deletion, onboarding, opening, tenants
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .desk import in_city, quota, staff_screen
from .words import report, share, statuses

ONE = "/platform/cities/<int:city_id>"


@blueprint.get(ONE)
@guarded("platform:manage")
def show_city(city_id: int) -> AnyResponse:
    """How the city is doing and what could be done about it."""
    return show(city_id, Form())


@blueprint.post(f"{ONE}/measure")
@guarded("platform:manage")
def measure_city(city_id: int) -> AnyResponse:
    """Count anew, at once."""
    _found(city_id)
    with database().unit_of_work(city_id, write=True, numbered=False) as db:
        condition.measure(db)
    notice(_("Measured just now."))
    return go("show_city", city_id=city_id)


@blueprint.post(f"{ONE}/status")
@guarded("platform:manage")
def set_city_status(city_id: int) -> AnyResponse:
    """Show the city in lists, hide it, or put it away. What was typed stays when it is refused."""
    form = Form(request.form.to_dict())
    _found(city_id)
    try:
        with in_city(city_id, reason=form.values.get("reason", "")) as (db, actor):
            tenants.set_status(db, form.values.get("status", ""), actor=actor)
            status = tenants.own(db).status
    except (Conflict, Invalid) as problem:
        return show(city_id, form.refuse(problem, {"staff.reason": "reason", "tenant.status": "status"}), status=422)
    notice(_("Saved."), _("From now on the city is: {status}.", status=statuses()[status]))
    return go("show_city", city_id=city_id)


def show(city_id: int, form: Form, *, status: int = 200) -> AnyResponse:
    """The report of a city, with what was typed into one of its forms."""
    row = _found(city_id)
    with staff_screen() as (db, _actor):
        languages, closed = tenants.languages(db), deletion.deletion_of(db, city_id)
    with database().unit_of_work(city_id) as db:
        lacks, clone = shown(db) if opening.is_new(db) else None, onboarding.came_from(db)
    asked = condition.needs_of(row.found, quota=quota(), now=clock.now())
    return render(
        "platform/city.html",
        status=status,
        row=row,
        lines=report(row.found, asked, quota()) if row.found else [],
        share=share,
        languages=languages,
        statuses=statuses(),
        form=form,
        closed=closed,
        opening=lacks,
        clone=clone,
    )


def _found(city_id: int) -> condition.Report:
    found = condition.report(database(), city_id)
    if found is None:
        raise NotFound("tenant.unknown", _("There is no such city."))
    return found
