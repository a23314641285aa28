"""The first screen of a city."""

from __future__ import annotations

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import states, waiting
from cityinfo.cms.layout import blueprint, render, screen
from cityinfo.cms.opening.shown import shown as checklist
from cityinfo.cms.proposals import words as proposal_words
from cityinfo.cms.words import kind_names
from cityinfo.features import opening
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .today import sheet, today

ON_A_SHEET = 50
OWED = (states.OUTDATED, states.MISSING, states.MACHINE)  # translations that someone has to look at


@blueprint.get("/<tenant>/")
@guarded("settings:read")
def show_dashboard(tenant: str) -> AnyResponse:
    """What needs me today."""
    with screen() as (db, actor):
        shown: dict[str, Any] = {
            "kind_names": kind_names(),
            "proposal_signs": proposal_words.signs(),
            "reasons": waiting.reasons(""),
            "states": {one: states.words()[one] for one in OWED},
        }
        shown["opening"] = checklist(db) if g.me.may("settings:manage") and opening.is_new(db) else None
        return render("dashboard/show.html", today=today(db, me=g.me, actor=actor), **shown)


@blueprint.get("/<tenant>/waiting/<reason>")
@guarded("settings:read")
def list_waiting(tenant: str, reason: str) -> AnyResponse:
    """Everything that waits for whoever is here for one reason, a sheet at a time."""
    named = waiting.reasons(reason)
    if reason not in named:
        raise NotFound("waiting.unknown", _("There is nothing under this address."))
    with screen() as (db, actor):
        after = request.args.get("after", 0, type=int)
        items, total, more = sheet(db, reason, after=after, most=ON_A_SHEET, actor=actor)
        shown: dict[str, Any] = {
            "kind_names": kind_names(),
            "items": items,
            "total": total,
            "following": items[-1].entry_id if more else None,
        }
        return render("dashboard/waiting.html", reason=reason, name=named[reason], **shown)
