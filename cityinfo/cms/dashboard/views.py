"""The first screen of a city."""

from __future__ import annotations

from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import blueprint, render, screen
from cityinfo.web.guard import guarded


@blueprint.get("/<tenant>/")
@guarded("settings:read")
def show_dashboard(tenant: str) -> AnyResponse:
    """What needs me today."""
    with screen():
        return render("dashboard/show.html")
