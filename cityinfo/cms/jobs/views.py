"""The list of what the worker does, and trying again what failed."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import blueprint, go, notice, render, screen
from cityinfo.kernel import jobs
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .words import names, states

ON_A_SHEET = 50
ALL = "all"


@blueprint.get("/<tenant>/jobs")
@guarded("jobs:read")
def list_jobs(tenant: str) -> AnyResponse:
    """Newest first; what failed, or all."""
    state = request.args.get("state", jobs.FAILED)
    wanted = "" if state == ALL else state
    before = request.args.get("before", type=int)
    with screen() as (db, _actor):
        rows = jobs.listing(db, state=wanted, before=before, most=ON_A_SHEET + 1)
        shown = rows[:ON_A_SHEET]
        return render(
            "jobs/list.html",
            rows=[(row, jobs.state_of(row)) for row in shown],
            state=state,
            following=shown[-1].id if len(rows) > ON_A_SHEET else None,
            failed=jobs.count(db, state=jobs.FAILED),
            names=names(),
            states=states(),
        )


@blueprint.post("/<tenant>/jobs/<int:job_id>/retry")
@guarded("jobs:manage")
def retry_job(tenant: str, job_id: int) -> AnyResponse:
    """Let a job run now that was given up or waits."""
    with screen(write=True) as (db, actor):
        jobs.retry(db, job_id, actor=actor)
    notice(_("It is tried again now."), _("Look here again in a minute."))
    return go("list_jobs", tenant=tenant, **_kept())


@blueprint.post("/<tenant>/jobs/<int:job_id>/cancel")
@guarded("jobs:manage")
def cancel_job(tenant: str, job_id: int) -> AnyResponse:
    """Call a job off."""
    with screen(write=True) as (db, actor):
        jobs.call_off(db, job_id, actor=actor)
    notice(_("Called off."))
    return go("list_jobs", tenant=tenant, **_kept())


def _kept() -> dict[str, str]:
    return {"state": request.form["state"]} if request.form.get("state") else {}
