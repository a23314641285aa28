"""The categories of places that all cities have."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.categories import empty_form, form_of, look, mark
from cityinfo.cms.layout import Form, blueprint, go, notice, render
from cityinfo.cms.login.entering import database
from cityinfo.cms.words import color_names, icon_names
from cityinfo.features import locations, publishing, tenants
from cityinfo.features.locations import Category
from cityinfo.kernel import i18n, jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, NotFound
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .desk import staff_screen

ALL = "/platform/categories"
ONE = f"{ALL}/<slug>"
ROOTS = ("de", "en")  # in which every category must have a name
FIELDS = {"category.icon": "icon", "category.color": "color", "category.slug": "name-de", "category.name": "name-de"}


@blueprint.get(ALL)
@guarded("platform:manage")
def list_common_categories() -> AnyResponse:
    """By name, with how many cities use them. The list is as long as a page."""
    using = locations.cities_with(database())
    with staff_screen() as (db, _actor):
        rows = sorted(locations.common(db).values(), key=lambda one: one.name(i18n.language()).casefold())
        uses = {slug: len(cities) for slug, cities in using.items()}
        return render("platform/categories.html", rows=rows, uses=uses, icons=icon_names())


@blueprint.get(f"{ALL}/new")
@guarded("platform:manage")
def new_common_category() -> AnyResponse:
    """The form, empty."""
    with staff_screen() as (db, _actor):
        return _show(db, empty_form())


@blueprint.post(f"{ALL}/new")
@guarded("platform:manage")
def add_common_category() -> AnyResponse:
    """Add one for all cities; apps know it by a word made from its English name. What was typed stays when refused."""
    form = Form(request.form.to_dict())
    try:
        with staff_screen(write=True) as (db, actor):
            names = _names(form)
            slug = locations.free_common_slug(db, names["en"])
            icon, color = look(form)
            locations.save_common(db, slug, names=names, icon=icon, color=color, actor=actor)
    except Invalid as problem:
        with staff_screen() as (db, _actor):
            return _show(db, form.refuse(problem, FIELDS), status=422)
    _tell_cities(slug)
    notice(_("Saved."), _("Every city can put places into it now."))
    return go("list_common_categories")


@blueprint.get(ONE)
@guarded("platform:manage")
def edit_common_category(slug: str) -> AnyResponse:
    """One of them."""
    with staff_screen() as (db, _actor):
        row = _found(db, slug)
        return _show(db, form_of(row), row)


@blueprint.post(ONE)
@guarded("platform:manage")
def change_common_category(slug: str) -> AnyResponse:
    """Call it otherwise, or give it to no more places. What was typed stays when refused or overtaken."""
    form = Form(request.form.to_dict())
    try:
        with staff_screen(write=True) as (db, actor):
            row = _found(db, slug)
            if form.values.get("seen") != mark(row):
                form.problem = sentences.overtaken()
                return _show(db, form, row, status=409)
            (icon, color), names, retired = look(form), _names(form), "retired" in form.values
            locations.save_common(db, slug, names=names, icon=icon, color=color, retired=retired, actor=actor)
    except Invalid as problem:
        with staff_screen() as (db, _actor):
            return _show(db, form.refuse(problem, FIELDS), _found(db, slug), status=422)
    _tell_cities(slug)
    notice(_("Saved."), _("Readers see it within a few minutes."))
    return go("list_common_categories")


def _tell_cities(slug: str) -> None:
    """Every city offers it to readers' apps; where places are in it, these say how it is called."""
    with staff_screen() as (db, _actor):
        every = [city.id for city in tenants.directory(db)]
    using = set(locations.cities_with(database()).get(slug, []))
    for tenant_id in every:
        with database().unit_of_work(tenant_id, write=True, numbered=False) as db:
            jobs.enqueue(db, publishing.RENEW)
            if tenant_id in using:
                jobs.enqueue(db, locations.FOLLOW, category=slug)


def _names(form: Form) -> dict[str, str]:
    names = {key.removeprefix("name-"): name.strip() for key, name in form.values.items() if key.startswith("name-")}
    if not all(names.get(one) for one in ROOTS) or any(len(name) > locations.MOST_NAME for name in names.values()):
        raise Invalid("category.name", _("Write a name in German and in English, of at most 100 letters."))
    return {language: name for language, name in names.items() if name}


def _found(db: Work, slug: str) -> Category:
    row = locations.common(db).get(slug)
    if row is None:
        raise NotFound("category.unknown", _("There is nothing under this address."))
    return row


def _show(db: Work, form: Form, row: Category | None = None, *, status: int = 200) -> AnyResponse:
    """With a field for every language that a city writes in or that has a name already."""
    registry, used = tenants.languages(db), tenants.language_uses(db)
    named = [key.removeprefix("name-") for key in form.values if key.startswith("name-")]
    spoken = [registry[one] for one in dict.fromkeys([*ROOTS, *named, *sorted(used)]) if one in registry]
    return render(
        "platform/category.html",
        status=status,
        form=form,
        row=row,
        seen=mark(row) if row else "",
        spoken=spoken,
        roots=ROOTS,
        icons=icon_names(),
        colors=color_names(),
    )
