"""The first screen of a city."""

from __future__ import annotations

from typing import Any

from flask import g
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import states, waiting
from cityinfo.cms.layout import blueprint, render, screen
from cityinfo.cms.proposals import words as proposal_words
from cityinfo.cms.words import kind_names
from cityinfo.web.guard import guarded

from .today import today

OWED = (states.OUTDATED, states.MISSING, states.MACHINE)  # translations that someone has to look at


@blueprint.get("/<tenant>/")
@guarded("settings:read")
def show_dashboard(tenant: str) -> AnyResponse:
    """What needs me today."""
    with screen() as (db, actor):
        shown: dict[str, Any] = {"reasons": waiting.reasons(""), "states": {one: states.words()[one] for one in OWED}}
        shown |= {"kinds": kind_names(), "proposal_signs": proposal_words.signs()}
        return render("dashboard/show.html", today=today(db, me=g.me, actor=actor), **shown)
