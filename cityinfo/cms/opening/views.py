"""What people do on the checklist of a new city: tick what only they know, and show the city to readers."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import blueprint, go, notice, screen
from cityinfo.features import opening
from cityinfo.kernel.errors import Conflict
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded


@blueprint.post("/<tenant>/opening/test")
@guarded("settings:manage")
def tick_test(tenant: str) -> AnyResponse:
    """Say that someone looked at the city on a phone, or that nobody has yet."""
    with screen(write=True) as (db, actor):
        opening.tick_test(db, bool(request.form.get("done")), actor=actor)
    return go("show_dashboard", tenant=tenant, _anchor="opening")


@blueprint.post("/<tenant>/opening/live")
@guarded("settings:manage")
def go_live(tenant: str) -> AnyResponse:
    """Show the city to readers, whatever it lacks."""
    try:
        with screen(write=True) as (db, actor):
            opening.go_live(db, actor=actor)
    except Conflict as problem:
        notice(_("It stays hidden."), sentences.said(problem), kind="warning")
    else:
        notice(_("The city is live."), _("It stands in the list of cities now; phones find it within a minute."))
    return go("show_dashboard", tenant=tenant)
