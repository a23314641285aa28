"""The screen where a manager says in which languages the city speaks, and which is translated from which."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import blueprint, go, notice, render, screen
from cityinfo.features import tenants
from cityinfo.features.tenants import LanguageChoice
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded


@blueprint.get("/<tenant>/settings/languages")
@guarded("languages:manage")
def show_city_languages(tenant: str) -> AnyResponse:
    """The languages in their order, switched-off ones included, and one to add."""
    with screen() as (db, _actor):
        return _show(db, tenants.language_choices(tenants.tree(db)))


@blueprint.post("/<tenant>/settings/languages")
@guarded("languages:manage")
def set_city_languages(tenant: str) -> AnyResponse:
    """Speak exactly as the form says. What was typed stays when it is refused or a colleague was quicker."""
    choices = _typed()
    try:
        with screen(write=True) as (db, actor):
            if request.form.get("seen") != _mark(tenants.language_choices(tenants.tree(db))):
                overtaken = sentences.as_it_stands()
                return _show(db, tenants.language_choices(tenants.tree(db)), problem=overtaken, status=409)
            tenants.set_languages(db, choices, actor=actor)
    except Invalid as problem:
        with screen() as (db, _actor):
            return _show(db, choices, problem=sentences.said(problem), status=422)
    notice(_("Saved."), _("Readers notice it at once. Texts of languages that were switched off stay."))
    return go("show_city_languages", tenant=tenant)


def _typed() -> list[LanguageChoice]:
    """The rows in the order of their numbers, and the language that was added behind them."""
    slugs = request.form.getlist("language")
    ordered = sorted(slugs, key=lambda slug: request.form.get(f"place-{slug}", 0, type=int))
    choices = [
        LanguageChoice(
            slug=slug,
            source=request.form.get(f"source-{slug}") or None,
            visible=f"visible-{slug}" in request.form,
            active=f"active-{slug}" in request.form,
        )
        for slug in ordered
    ]
    new = request.form.get("new", "")
    return [*choices, LanguageChoice(slug=new, source=request.form.get("source-new") or None)] if new else choices


def _show(db: Work, tree: list[LanguageChoice], *, problem: str = "", status: int = 200) -> AnyResponse:
    registry = tenants.languages(db)
    spoken = {one.slug for one in tree}
    return render(
        "settings/languages.html",
        status=status,
        tree=tree,
        registry=registry,
        others={slug: one for slug, one in registry.items() if slug not in spoken},
        seen=_mark(tenants.language_choices(tenants.tree(db))),
        problem=problem,
    )


def _mark(tree: list[LanguageChoice]) -> str:
    return digest([(one.slug, one.source, one.visible, one.active) for one in tree])
