"""Offers of other systems that every city can switch on."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, blueprint, go, notice, render
from cityinfo.cms.login.entering import database
from cityinfo.features import offers
from cityinfo.features.offers import External
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .desk import staff_screen

ALL = "/platform/offers"
ONE = f"{ALL}/<alias>"
WORDS = ("name", "url", "thumbnail", "postal_code", "asks_for")
FIELDS = {f"template.{name}": name for name in ("alias", "post", *WORDS)} | {"template.alias_taken": "alias"}


@blueprint.get(ALL)
@guarded("platform:manage")
def list_templates() -> AnyResponse:
    """By name, with how many cities have them on. The list is as long as a page."""
    using = offers.template_uses(database())
    with staff_screen() as (db, _actor):
        rows = sorted(offers.templates(db).values(), key=lambda one: one.name.casefold())
        uses = {alias: len(cities) for alias, cities in using.items()}
        return render("platform/templates.html", rows=rows, uses=uses)


@blueprint.get(f"{ALL}/new")
@guarded("platform:manage")
def new_template() -> AnyResponse:
    """The form, empty."""
    with staff_screen():
        return _show(Form({"postal_code": offers.NONE}))


@blueprint.post(f"{ALL}/new")
@guarded("platform:manage")
def add_template() -> AnyResponse:
    """Let cities switch another one on. What was typed stays when it is refused."""
    form = Form(request.form.to_dict())
    try:
        with staff_screen(write=True) as (db, actor):
            typed = _typed(form, form.values.get("alias", "").strip())
            offers.save_template(db, typed, new=True, actor=actor)
    except (Conflict, Invalid) as problem:
        with staff_screen():
            return _show(form.refuse(problem, FIELDS), status=422)
    notice(_("Saved."), _("Cities can switch it on under Offers."))
    return go("list_templates")


@blueprint.get(ONE)
@guarded("platform:manage")
def edit_template(alias: str) -> AnyResponse:
    """One of them."""
    with staff_screen() as (db, _actor):
        row = _found(db, alias)
        post = "\n".join(f"{name}={value}" for name, value in row.post.items())
        retired = {"retired": "1"} if row.retired else {}
        return _show(Form({**{name: getattr(row, name) for name in WORDS}, **retired, "post": post}), row)


@blueprint.post(ONE)
@guarded("platform:manage")
def change_template(alias: str) -> AnyResponse:
    """Call it otherwise, or offer it to no other city. What was typed stays when refused or overtaken."""
    form = Form(request.form.to_dict())
    try:
        with staff_screen(write=True) as (db, actor):
            row = _found(db, alias)
            if form.values.get("seen") != _mark(row):
                form.problem = sentences.overtaken()
                return _show(form, row, status=409)
            offers.save_template(db, _typed(form, alias), new=False, actor=actor)
    except Invalid as problem:
        with staff_screen() as (db, _actor):
            return _show(form.refuse(problem, FIELDS), _found(db, alias), status=422)
    for tenant_id in offers.template_uses(database()).get(alias, []):
        with database().unit_of_work(tenant_id, write=True, numbered=False) as db:
            jobs.enqueue(db, offers.FOLLOW, alias=alias)
    notice(_("Saved."), _("Readers see it within a few minutes."))
    return go("list_templates")


def _typed(form: Form, alias: str) -> External:
    words = {name: form.values.get(name, "").strip() for name in WORDS}
    return External(alias=alias, post=_post(form.values.get("post", "")), retired="retired" in form.values, **words)


def _post(text: str) -> dict[str, str]:
    """What is handed over besides, a line each: name=value."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not all("=" in line.strip("=") for line in lines):
        raise Invalid("template.post", _("Write a line each, such as radius=50."))
    return {name.strip(): value.strip() for name, _sign, value in (line.partition("=") for line in lines)}


def _found(db: Work, alias: str) -> External:
    row = offers.templates(db).get(alias)
    if row is None:
        raise NotFound("template.unknown", _("There is nothing under this address."))
    return row


def _show(form: Form, row: External | None = None, *, status: int = 200) -> AnyResponse:
    told = {
        offers.NONE: _("not told"),
        offers.GET: _("at the end of the address"),
        offers.POST: _("among what is handed over"),
    }
    seen = _mark(row) if row else ""
    return render("platform/template.html", status=status, form=form, row=row, seen=seen, told=told)


def _mark(row: External) -> str:
    """By which a form tells what it was opened with."""
    return digest([getattr(row, name) for name in WORDS], sorted(row.post.items()), row.retired)
