"""One screen: what was not found, and the words that would have found it."""

from __future__ import annotations

from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.features import search, tenants
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, Problem
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded
from cityinfo.web.problems import status_of

DAYS = 30
ON_A_SHEET = 25


@blueprint.get("/<tenant>/search")
@guarded("search:manage")
def show_search(tenant: str) -> AnyResponse:
    """What readers missed within 30 days, most often first, and the city's own synonyms."""
    with screen() as (db, _actor):
        return _show(db, Form({"language": request.args.get("language", ""), "words": request.args.get("words", "")}))


@blueprint.post("/<tenant>/search/words")
@guarded("search:manage")
def add_words(tenant: str) -> AnyResponse:
    """Let words mean the same. What was typed stays when it is refused."""
    try:
        with screen(write=True) as (db, actor):
            search.add_synonyms(db, request.form.get("language", ""), _typed(), actor=actor)
    except Invalid as problem:
        return _again(problem)
    notice(_("Saved."), _("Searches know these words now."))
    return go("show_search", tenant=tenant)


@blueprint.post("/<tenant>/search/words/<int:group_id>")
@guarded("search:manage")
def change_words(tenant: str, group_id: int) -> AnyResponse:
    """Other words for a group."""
    try:
        with screen(write=True) as (db, actor):
            search.change_synonyms(db, group_id, _typed(), revision=_revision(), actor=actor)
    except (Conflict, Invalid) as problem:
        return _again(problem, group_id)
    notice(_("Saved."), _("Searches know these words now."))
    return go("show_search", tenant=tenant)


@blueprint.post("/<tenant>/search/words/<int:group_id>/remove")
@guarded("search:manage")
def remove_words(tenant: str, group_id: int) -> AnyResponse:
    """Forget a group."""
    try:
        with screen(write=True) as (db, actor):
            search.remove_synonyms(db, group_id, revision=_revision(), actor=actor)
    except Conflict as problem:
        return _again(problem, group_id)
    notice(_("Removed."))
    return go("show_search", tenant=tenant)


def _again(problem: Problem, group_id: int | None = None) -> AnyResponse:
    with screen() as (db, _actor):
        typed = Form(request.form.to_dict(), problem=sentences.said(problem))
        return _show(db, typed, changing=group_id, status=status_of(problem))


def _show(db: Work, form: Form, *, changing: int | None = None, status: int = 200) -> AnyResponse:
    registry, first = tenants.languages(db), max(request.args.get("from", 0, type=int), 0)
    groups, more_groups = _groups(db, changing)
    missed = search.missed(db, clock.now().date() - timedelta(days=DAYS - 1))
    return render(
        "search/show.html",
        status=status,
        missed=missed[first : first + ON_A_SHEET],
        following=first + ON_A_SHEET if len(missed) > first + ON_A_SHEET else None,
        groups=groups,
        more_groups=more_groups,
        changing=changing,
        form=form,
        languages={code: registry[code] for code in tenants.tree(db)},
        registry=registry,
        days=DAYS,
        least=search.LEAST_COUNT,
    )


def _groups(db: Work, changing: int | None) -> tuple[list[search.SynonymGroup], int | None]:
    """A sheet of them, newest first, the one that is being changed above all; and where the next sheet begins."""
    start = max(request.args.get("groups", 0, type=int), 0)
    found = sorted(search.synonym_groups(db), key=lambda one: (one.id != changing, -one.id))
    following = start + ON_A_SHEET
    return found[start:following], following if len(found) > following else None


def _typed() -> list[str]:
    """Words as they were typed, one a line or between commas."""
    return [one.strip() for one in request.form.get("words", "").replace("\n", ",").split(",") if one.strip()]


def _revision() -> int:
    return request.form.get("revision", 0, type=int)
