"""The screen where a manager makes advice a gate, or a gate advice again."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import blueprint, go, notice, render, screen
from cityinfo.features import quality
from cityinfo.features.quality import CAN_BE_GATES, YEARS, Gates
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .forms import chosen, mark_of


@blueprint.get("/<tenant>/quality")
@guarded("settings:manage")
def show_gates(tenant: str) -> AnyResponse:
    """What the city insists on, and what it only gives as advice."""
    with screen() as (db, _actor):
        return _show(quality.gates(db))


@blueprint.post("/<tenant>/quality")
@guarded("settings:manage")
def set_gates(tenant: str) -> AnyResponse:
    """Insist on exactly what was chosen. What a colleague chose meanwhile is not undone unseen."""
    with screen(write=True) as (db, actor):
        now = quality.gates(db)
        if request.form.get("seen") != mark_of(now):
            return _show(now, problem=sentences.as_it_stands())
        quality.set_gates(db, chosen(), actor=actor)
    notice(_("Saved."), _("What is public already stays public."))
    return go("show_gates", tenant=tenant)


def _show(gates: Gates, problem: str = "") -> AnyResponse:
    values = {"gates": gates, "seen": mark_of(gates), "flaws": CAN_BE_GATES, "years": YEARS}
    return render("quality/gates.html", status=409 if problem else 200, problem=problem, **values)
