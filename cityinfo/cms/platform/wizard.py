"""A new city from another one, in three steps: what it is called, what comes along, and what that means."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, blueprint, go, render
from cityinfo.cms.login.entering import database
from cityinfo.cms.media.words import size
from cityinfo.cms.words import kinds_named
from cityinfo.features import condition, content, municipalities, onboarding, pages, tenants
from cityinfo.features.onboarding import Plan
from cityinfo.features.tenants import Language
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, NotFound, Problem
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from . import opening
from .cloning_words import kind_hints, lost, stays_behind
from .desk import staff_screen
from .typed import EMPTY, FIELDS, OF_CITY, OF_CONTENT, Typed

NEW = "/platform/cities/new"
MEASURED_AFTER = timedelta(minutes=2)  # the list of cities need not wait for the night
SHOWN_LOST = 50  # lines; what is lost more often is said as a number


@blueprint.get(NEW)
@guarded("platform:manage")
def new_city() -> AnyResponse:
    """What the city is called and what it is made from. Its name finds the rest of its facts in the directory."""
    typed = Typed.of(request.args)
    with staff_screen() as (db, _actor):
        found = municipalities.find(db, request.args.get("municipality", ""))
        return _show_city(db, typed.filled(found) if found else typed, Form())


@blueprint.get(f"{NEW}/content")
@guarded("platform:manage")
def choose_content() -> AnyResponse:
    """What comes along. A city that could not be called so goes back to the first step, as it was typed."""
    typed = Typed.of(request.args)
    refused = _refused(typed)
    if refused is not None:
        return refused
    return opening.show(typed) if typed.values["source"] == EMPTY else _show_content(typed, Form())


@blueprint.get(f"{NEW}/plan")
@guarded("platform:manage")
def show_plan() -> AnyResponse:
    """What would come, what would stay behind, and what would be lost between the two."""
    typed = Typed.of(request.args)
    refused = _refused(typed)
    if refused is not None:
        return refused
    form = Form()
    for name, said in (("languages", _("Choose at least one language.")), ("kinds", _("Choose at least one kind."))):
        if not getattr(typed, name):
            form.errors[name] = said
    if form.errors:
        form.problem = _("Some fields need another look.")
        return _show_content(typed, form, status=422)
    try:
        plan = onboarding.plan(database(), typed.values["source"], typed.choices)
    except Invalid as problem:
        return _show_content(typed, form.refuse(problem, _FIELDS_OF_CONTENT), status=422)
    return _show_plan(typed, plan)


@blueprint.post(f"{NEW}/plan")
@guarded("platform:manage")
def start_clone() -> AnyResponse:
    """Begin. Pressed twice, it makes one city."""
    typed, key = Typed.of(request.form), request.form.get("key", "")[:100]
    with staff_screen() as (_db, actor):
        pass
    try:
        source = typed.values["source"]
        asked = onboarding.request(database(), source, typed.city, typed.choices, key=key, actor=actor)
    except (Conflict, Invalid, NotFound) as problem:
        return _show_first(typed, problem)
    if not asked.known:
        with database().unit_of_work(asked.tenant_id, write=True, numbered=False) as db:
            jobs.enqueue(db, condition.MEASURE, run_after=clock.now() + MEASURED_AFTER)
    return go("show_clone", city_id=asked.tenant_id)


_FIELDS_OF_CONTENT = {"clone.language": "languages", "clone.kind": "kinds", "clone.below": "below"}


def _refused(typed: Typed) -> AnyResponse | None:
    """The first step again, if something of it cannot be."""
    with staff_screen() as (db, _actor):
        form = Form(errors=typed.faults(db), problem=_("Some fields need another look."))
        if typed.values["source"] != EMPTY and not _exists(db, typed.values["source"]):
            form.errors["source"] = _("Choose what the city is made from.")
        return _show_city(db, typed, form, status=422) if form.errors else None


def _exists(db: Work, slug: str) -> bool:
    found = tenants.at(db, slug)
    return found is not None and found.status != tenants.ARCHIVED


def _show_first(typed: Typed, problem: Problem) -> AnyResponse:
    form = Form().refuse(problem, {**FIELDS, "tenant.unknown": "source"})
    with staff_screen() as (db, _actor):
        return _show_city(db, typed, form, status=422)


def _show_city(db: Work, typed: Typed, form: Form, *, status: int = 200) -> AnyResponse:
    form.values, words = typed.values, request.args.get("q", "").strip()
    sources = onboarding.sources(database())
    return render(
        "platform/wizard_city.html",
        status=status,
        form=form,
        typed=typed,
        words=words,
        found=municipalities.matching(db, words),
        known=municipalities.count(db),
        sources=sources,
        chosen=typed.values["source"] or next((one.tenant.slug for one in sources), EMPTY),
        empty=EMPTY,
        rest=list(typed.hidden(*OF_CONTENT, "languages", "kinds")),
        all=list(typed.hidden(*OF_CITY, *OF_CONTENT, "languages", "kinds")),
    )


def _show_content(typed: Typed, form: Form, *, status: int = 200) -> AnyResponse:
    everything = onboarding.plan(database(), typed.values["source"])
    source = _source(typed.values["source"])
    typed = typed.all_of_source(tuple(source["tree"]))
    form.values = typed.values
    return render(
        "platform/wizard_content.html",
        status=status,
        form=form,
        typed=typed,
        plan=everything,
        kinds=kinds_named(),
        hints=kind_hints(),
        rest=list(typed.hidden(*OF_CITY)),
        **source,
    )


def _source(slug: str) -> dict[str, Any]:
    """What can be chosen of the source: languages with what each is translated from, pages with others below."""
    with staff_screen() as (db, _actor):
        tenant_id, languages = tenants.find(db, slug).id, tenants.languages(db)
    with database().unit_of_work(tenant_id) as db:
        tree = {language: row.source for language, row in tenants.tree(db).items()}
        return {"tree": tree, "languages": languages, "pages": list(_chapters(db)), "of": tenants.own(db).full_name}


def _chapters(db: Work) -> Iterator[tuple[int, str]]:
    nodes = [one for one in pages.tree(db) if not one.archived]
    above = {one.id: one.parent_id for one in nodes}
    parents = set(above.values())
    chapters = [one.id for one in nodes if one.id in parents]
    titles, order = content.titles_of(db, chapters), list(tenants.tree(db))
    for page_id in chapters:
        depth, at = 0, above[page_id]
        while at is not None:
            depth, at = depth + 1, above.get(at)
        yield page_id, "– " * depth + content.name(titles.get(page_id, {}), *order)[0]


def _show_plan(typed: Typed, plan: Plan) -> AnyResponse:
    with staff_screen() as (db, _actor):
        languages: dict[str, Language] = tenants.languages(db)
        source = tenants.find(db, typed.values["source"]).full_name
    lines = lost(plan)
    return render(
        "platform/wizard_plan.html",
        typed=typed,
        plan=plan,
        source=source,
        draft=typed.city,
        kinds=kinds_named(),
        languages=languages,
        size=size(plan.bytes),
        stays=stays_behind(plan),
        lost=lines[:SHOWN_LOST],
        unseen=len(lines[SHOWN_LOST:]),
        key=secrets.token_hex(16),
        rest=list(typed.hidden(*OF_CITY, *OF_CONTENT, "languages", "kinds")),
    )
