"""The screens where a manager says what the city is and what it offers."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.features import tenants
from cityinfo.features.tenants import FEATURES, TenantDraft
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .forms import mark_of, shown, typed, with_facts, with_features


@blueprint.get("/<tenant>/settings")
@guarded("settings:manage")
def show_settings(tenant: str) -> AnyResponse:
    """What the city says of itself."""
    with screen() as (db, _actor):
        now = tenants.facts_of(db)
        return _facts(now, Form(shown(now)))


@blueprint.post("/<tenant>/settings")
@guarded("settings:manage")
def change_settings(tenant: str) -> AnyResponse:
    """Say other facts. What was typed stays when it cannot be used or a colleague was quicker."""
    values = typed()
    try:
        with screen(write=True) as (db, actor):
            now = tenants.facts_of(db)
            if request.form.get("seen") != mark_of(now):
                return _facts(now, Form(values, problem=sentences.overtaken()), status=409)
            tenants.change(db, with_facts(now, values), actor=actor)
    except Invalid as problem:
        with screen() as (db, _actor):
            return _facts(tenants.facts_of(db), Form(values, problem=sentences.said(problem)), status=422)
    notice(_("Saved."))
    return go("show_settings", tenant=tenant)


@blueprint.get("/<tenant>/settings/features")
@guarded("settings:manage")
def show_features(tenant: str) -> AnyResponse:
    """What the city offers beside pages."""
    with screen() as (db, _actor):
        return _features(tenants.facts_of(db))


@blueprint.post("/<tenant>/settings/features")
@guarded("settings:manage")
def set_features(tenant: str) -> AnyResponse:
    """Offer exactly what was ticked. What a colleague chose meanwhile is not undone unseen."""
    with screen(write=True) as (db, actor):
        now = tenants.facts_of(db)
        if request.form.get("seen") != mark_of(now):
            return _features(now, problem=sentences.as_it_stands())
        tenants.change(db, with_features(now), actor=actor)
    notice(_("Saved."))
    return go("show_features", tenant=tenant)


def _facts(now: TenantDraft, form: Form, *, status: int = 200) -> AnyResponse:
    return render("settings/facts.html", status=status, form=form, seen=mark_of(now))


def _features(now: TenantDraft, problem: str = "") -> AnyResponse:
    values = {"chosen": now.features, "features": FEATURES, "seen": mark_of(now), "problem": problem}
    return render("settings/features.html", status=409 if problem else 200, **values)
