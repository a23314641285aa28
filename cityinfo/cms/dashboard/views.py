"""The first screen of a city."""

from __future__ import annotations

from flask import g
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import waiting
from cityinfo.cms.layout import blueprint, render, screen
from cityinfo.web.guard import guarded

from .today import today


@blueprint.get("/<tenant>/")
@guarded("settings:read")
def show_dashboard(tenant: str) -> AnyResponse:
    """What needs me today."""
    with screen() as (db, actor):
        return render("dashboard/show.html", today=today(db, me=g.me, actor=actor), reasons=waiting.reasons(""))
