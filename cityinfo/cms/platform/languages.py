"""The registry of languages that cities choose from."""

from __future__ import annotations

from dataclasses import asdict

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, blueprint, go, notice, render
from cityinfo.cms.login.entering import database
from cityinfo.features import publishing, tenants
from cityinfo.features.tenants import LANGUAGE_NAMES, Language, LanguageFacts
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .desk import staff_screen

ONE = "/platform/languages/<language>"
NAMES = ("slug", "bcp47", *LANGUAGE_NAMES, "direction")
FIELDS = {f"language.{name}": name for name in NAMES} | {
    "language.slug_taken": "slug",
    "language.bcp47_taken": "bcp47",
}


@blueprint.get("/platform/languages")
@guarded("platform:manage")
def list_registry() -> AnyResponse:
    """Every language with the number of cities that publish in it. The registry is as long as a page."""
    with staff_screen() as (db, _actor):
        rows = sorted(tenants.languages(db).values(), key=lambda one: (one.name_de, one.slug))
        uses = {slug: len(cities) for slug, cities in tenants.language_uses(db).items()}
        return render("platform/languages.html", rows=rows, uses=uses)


@blueprint.get("/platform/languages/new")
@guarded("platform:manage")
def new_language() -> AnyResponse:
    """The form, empty."""
    with staff_screen():
        return _show(Form({"direction": "ltr"}))


@blueprint.post("/platform/languages/new")
@guarded("platform:manage")
def add_language() -> AnyResponse:
    """Let cities choose another language. What was typed stays when it is refused."""
    form = _typed()
    try:
        with staff_screen(write=True) as (db, actor):
            tenants.save_language(db, _facts(form), new=True, actor=actor)
    except (Conflict, Invalid) as problem:
        with staff_screen():
            return _show(form.refuse(problem, FIELDS), status=422)
    notice(_("Saved."), _("Cities can choose it under Settings, Languages."))
    return go("list_registry")


@blueprint.get(ONE)
@guarded("platform:manage")
def edit_language(language: str) -> AnyResponse:
    """One language."""
    with staff_screen() as (db, _actor):
        row = _found(db, language)
        return _show(Form({name: getattr(row, name) for name in NAMES}), row)


@blueprint.post(ONE)
@guarded("platform:manage")
def change_language(language: str) -> AnyResponse:
    """Call it otherwise. What was typed stays when it is refused or a colleague was quicker."""
    form = _typed()
    form.values = {**form.values, "slug": language}
    try:
        with staff_screen(write=True) as (db, actor):
            row = _found(db, language)
            if request.form.get("seen") != _mark(row):
                form.problem = sentences.overtaken()
                return _show(form, row, status=409)
            tenants.save_language(db, _facts(form), new=False, actor=actor)
            using = tenants.language_uses(db).get(language, [])
    except (Conflict, Invalid) as problem:
        with staff_screen() as (db, _actor):
            return _show(form.refuse(problem, FIELDS), _found(db, language), status=422)
    _tell_cities(using)
    notice(_("Saved."), _("Readers of the cities that write in it notice it within a minute."))
    return go("list_registry")


def _tell_cities(tenant_ids: list[int]) -> None:
    """What these cities answer names their languages."""
    for tenant_id in tenant_ids:
        with database().unit_of_work(tenant_id, write=True, numbered=False) as db:
            jobs.enqueue(db, publishing.RENEW)


def _typed() -> Form:
    return Form({name: request.form.get(name, "").strip() for name in NAMES})


def _facts(form: Form) -> LanguageFacts:
    return LanguageFacts(**{name: form.values.get(name, "") for name in NAMES})


def _found(db: Work, slug: str) -> Language:
    row = tenants.languages(db).get(slug)
    if row is None:
        raise NotFound("language.unknown", _("There is no such language in the registry."))
    return row


def _show(form: Form, row: Language | None = None, *, status: int = 200) -> AnyResponse:
    directions = {"ltr": _("from left to right"), "rtl": _("from right to left")}
    seen = _mark(row) if row else ""
    return render("platform/language.html", status=status, form=form, row=row, seen=seen, directions=directions)


def _mark(row: Language) -> str:
    """By which a form tells what it was opened with."""
    return digest(asdict(LanguageFacts(**{name: getattr(row, name) for name in NAMES})))
