"""The screens where a manager keeps the city's own categories of places."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.categories import empty_form, form_of, look, mark
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.cms.words import color_names, icon_names
from cityinfo.features import locations, tenants
from cityinfo.features.locations import Category
from cityinfo.kernel import i18n
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.web.guard import guarded

ALL = "/<tenant>/settings/categories"
ONE = f"{ALL}/<slug>"
FIELDS = {"category.icon": "icon", "category.color": "color", "category.into": "into", "category.slug": "names"}


@blueprint.get(ALL)
@guarded("settings:manage")
def list_categories(tenant: str) -> AnyResponse:
    """The city's own in their order, then those of all cities; each with how many places are in it."""
    with screen() as (db, _actor):
        found = locations.all_categories(db)
        own = [one for one in found.values() if one.own]
        common = sorted((one for one in found.values() if not one.own), key=lambda one: one.name(i18n.language()))
        return render("settings/categories.html", own=own, common=common, used=locations.how_many_in(db))


@blueprint.post(ALL)
@guarded("settings:manage")
def order_categories(tenant: str) -> AnyResponse:
    """Show them in the order of their numbers."""
    slugs = request.form.getlist("category")
    ordered = sorted(slugs, key=lambda slug: request.form.get(f"place-{slug}", len(slugs), type=int))
    with screen(write=True) as (db, actor):
        locations.order_categories(db, ordered, actor=actor)
    notice(_("Saved."))
    return go("list_categories", tenant=tenant)


@blueprint.get(f"{ALL}/new")
@guarded("settings:manage")
def new_category(tenant: str) -> AnyResponse:
    """The form, empty."""
    with screen() as (db, _actor):
        return _show(db, empty_form())


@blueprint.post(f"{ALL}/new")
@guarded("settings:manage")
def add_category(tenant: str) -> AnyResponse:
    """Add one; apps know it by a word made from its name. What was typed stays when it is refused."""
    form = Form(request.form.to_dict())
    try:
        with screen(write=True) as (db, actor):
            names = _names(db)
            slug = locations.free_slug(db, names.get(tenants.root_language(db), ""))
            icon, color = look(form)
            locations.save_category(db, slug, names=names, icon=icon, color=color, actor=actor)
    except (Conflict, Invalid) as problem:
        with screen() as (db, _actor):
            return _show(db, _refused(db, form, problem), status=422)
    notice(_("Saved."), _("Places can be put into it now."))
    return go("list_categories", tenant=tenant)


@blueprint.get(ONE)
@guarded("settings:manage")
def edit_category(tenant: str, slug: str) -> AnyResponse:
    """One of the city's own."""
    with screen() as (db, _actor):
        row = _found(db, slug)
        return _show(db, form_of(row), row)


@blueprint.post(ONE)
@guarded("settings:manage")
def change_category(tenant: str, slug: str) -> AnyResponse:
    """Call it otherwise; what is in it follows. What was typed stays when it is refused or a colleague was quicker."""
    form = Form(request.form.to_dict())
    try:
        with screen(write=True) as (db, actor):
            row = _found(db, slug)
            if form.values.get("seen") != mark(row):
                form.problem = sentences.overtaken()
                return _show(db, form, row, status=409)
            names = {**row.names, **_names(db, empty=True)}
            (icon, color), retired = look(form), "retired" in form.values
            locations.save_category(db, slug, names=names, icon=icon, color=color, retired=retired, actor=actor)
    except (Conflict, Invalid) as problem:
        with screen() as (db, _actor):
            return _show(db, _refused(db, form, problem), _found(db, slug), status=422)
    notice(_("Saved."), _("Readers see it at once."))
    return go("list_categories", tenant=tenant)


@blueprint.post(f"{ONE}/merge")
@guarded("settings:manage")
def merge_category(tenant: str, slug: str) -> AnyResponse:
    """Put everything in it into another one, and remove it."""
    try:
        with screen(write=True) as (db, actor):
            moved = locations.merge_category(db, slug, into=request.form.get("into", ""), actor=actor)
    except Invalid as problem:
        with screen() as (db, _actor):
            row = _found(db, slug)
            return _show(db, form_of(row).refuse(problem, FIELDS), row, status=422)
    notice(_("Merged."), ngettext("One place has moved.", "{number} places have moved.", moved))
    return go("list_categories", tenant=tenant)


@blueprint.post(f"{ONE}/delete")
@guarded("settings:manage")
def delete_category(tenant: str, slug: str) -> AnyResponse:
    """Remove one that nothing is in."""
    try:
        with screen(write=True) as (db, actor):
            locations.delete_category(db, slug, actor=actor)
    except Invalid as problem:
        notice(sentences.said(problem), kind="warning")
        return go("edit_category", tenant=tenant, slug=slug)
    notice(_("Removed."))
    return go("list_categories", tenant=tenant)


def _names(db: Work, *, empty: bool = False) -> dict[str, str]:
    """Its names as they were typed, the language the city writes in first; that one must be there."""
    root = tenants.root_language(db)
    languages = dict.fromkeys([root, *tenants.active_languages(db)])
    names = {one: request.form.get(f"name-{one}", "").strip() for one in languages}
    if not names[root] or any(len(name) > locations.MOST_NAME for name in names.values()):
        raise Invalid("category.name", _("Write a name of at most 100 letters."))
    return names if empty else {one: name for one, name in names.items() if name}


def _refused(db: Work, form: Form, problem: Conflict | Invalid) -> Form:
    return form.refuse(problem, {**FIELDS, "category.name": f"name-{tenants.root_language(db)}"})


def _found(db: Work, slug: str) -> Category:
    row = locations.all_categories(db).get(slug)
    if row is None or not row.own:
        raise NotFound("category.unknown", _("There is nothing under this address."))
    return row


def _show(db: Work, form: Form, row: Category | None = None, *, status: int = 200) -> AnyResponse:
    known, registry = locations.all_categories(db), tenants.languages(db)
    others = {slug: one.name(i18n.language()) for slug, one in known.items() if not one.retired}
    if row is not None:
        others.pop(row.slug, None)
    root = tenants.root_language(db)
    return render(
        "settings/category.html",
        status=status,
        form=form,
        row=row,
        seen=mark(row) if row else "",
        used=len(locations.in_category(db, row.slug)) if row else 0,
        spoken=[registry[one] for one in dict.fromkeys([root, *tenants.active_languages(db)])],
        root=root,
        icons=icon_names(),
        colors=color_names(),
        others=dict(sorted(others.items(), key=lambda pair: pair[1].casefold())),
    )
