"""The screen on which a manager switches offers of other systems on, in the order in which apps show them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.features import offers, tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded


@blueprint.get("/<tenant>/offers/external")
@guarded("settings:manage")
def show_external_offers(tenant: str) -> AnyResponse:
    """Every offer of another system that this release knows; those that are on come first."""
    with screen() as (db, _actor):
        return _show(db, _kept(db), Form())


@blueprint.post("/<tenant>/offers/external")
@guarded("settings:manage")
def set_external_offers(tenant: str) -> AnyResponse:
    """Switch on exactly what was ticked. What was typed stays when it is refused or a colleague was quicker."""
    wanted = _typed()
    try:
        with screen(write=True) as (db, actor):
            now = _kept(db)
            if request.form.get("seen") != _mark(now):
                return _show(db, now, Form(problem=sentences.as_it_stands()), status=409)
            offers.set_external(db, wanted, actor=actor)
    except Invalid as problem:
        with screen() as (db, _actor):
            return _show(db, wanted, Form(request.form.to_dict()).refuse(problem, {}), status=422)
    notice(_("Saved."), _("Apps show it at once."))
    return go("show_external_offers", tenant=tenant)


def _kept(db: Work) -> dict[str, str]:
    return {row.alias: row.address for row in offers.external(db)}


def _typed() -> dict[str, str]:
    """Address by alias, in the order that was chosen; those without a place come last."""
    chosen = request.form.getlist("on")
    places = {alias: request.form.get(f"place-{alias}", type=int) or len(chosen) + 1 for alias in chosen}
    ordered = sorted(chosen, key=lambda alias: places[alias])
    return {alias: request.form.get(f"address-{alias}", "").strip() for alias in ordered}


def _show(db: Work, on: Mapping[str, str], form: Form, *, status: int = 200) -> AnyResponse:
    known = {alias: one for alias, one in offers.templates(db).items() if alias in on or not one.retired}
    ordered = [*(alias for alias in on if alias in known), *(alias for alias in known if alias not in on)]
    return render(
        "offers/external.html",
        status=status,
        templates=[known[alias] for alias in ordered],
        on=on,
        form=form,
        seen=_mark(_kept(db)),
        are_on=tenants.offers(db, "offers"),
    )


def _mark(on: Mapping[str, str]) -> str:
    return digest(list(on.items()))
