"""What this city gives to others: on which terms, who uses it, and giving it no longer."""

from __future__ import annotations

from flask import g, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, beside, blueprint, go, notice, render, screen, skipped
from cityinfo.features import commons, content, tenants, upstream
from cityinfo.features.commons import Terms
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded
from cityinfo.web.problems import status_of
from cityinfo.web.request import rights_of

from .parts import DOOR, SHOWN, around, database
from .words import licences

HERE = "/<tenant>/commons/offered"
FIELDS = {"commons.licence": "licence", "commons.attribution": "attribution", "commons.note": "note"}
_USUAL = "CC-BY-4.0"


@blueprint.get(HERE)
@guarded(*DOOR)
def list_offered(tenant: str) -> AnyResponse:
    """All that this city offers, newest first, and how many cities use each."""
    skip = skipped()
    with screen() as (db, actor):
        rows, own = commons.offerings(db, most=SHOWN + 1, skip=skip), db.tenant_id
        entries = [row.entry_id for row in rows]
        titles, values, order = content.titles_of(db, entries), around(db, actor), list(tenants.tree(db))
    return render(
        "commons/offered.html",
        rows=rows[:SHOWN],
        own=own,
        titles={one: content.name(titles.get(one, {}), *order) for one in entries},
        users=upstream.users(database(), own, entries),
        **beside(skip, SHOWN, has_more=len(rows) > SHOWN),
        **values,
    )


@blueprint.get(f"{HERE}/<int:entry_id>")
@guarded("page:publish")
def edit_terms(tenant: str, entry_id: int) -> AnyResponse:
    """The terms on which a page is given away, or could be."""
    with screen() as (db, actor):
        content.find_entry(db, entry_id)
        rights_of(actor).check("publish", commons.KIND, entry_id=entry_id, language="")
        row = commons.offering(db, entry_id)
        usual = {"licence": _USUAL, "attribution": g.city.full_name, "note": ""}
        values = {name: getattr(row, name) for name in usual} if row else usual
        return _show(db, entry_id, Form(values), actor=actor)


@blueprint.post(f"{HERE}/<int:entry_id>")
@guarded("page:publish")
def save_terms(tenant: str, entry_id: int) -> AnyResponse:
    """Let other cities take the page on these terms from now on."""
    typed = {name: request.form.get(name, "") for name in ("licence", "attribution", "note")}
    try:
        with screen(write=True) as (db, actor):
            commons.offer(db, entry_id, Terms(**typed), actor=actor)
    except (Conflict, Invalid) as problem:
        with screen() as (db, actor):
            return _show(db, entry_id, Form(typed).refuse(problem, FIELDS), problem, actor=actor)
    notice(_("Other cities can take this page now."), _("They hear what is new here for as long as you offer it."))
    return go("list_offered", tenant=tenant)


@blueprint.post(f"{HERE}/<int:entry_id>/withdraw")
@guarded("page:publish")
def withdraw_offering(tenant: str, entry_id: int) -> AnyResponse:
    """Offer a page no longer."""
    with screen(write=True) as (db, actor):
        commons.withdraw(db, entry_id, actor=actor)
    notice(_("The page is no longer offered."), _("Cities that have it keep it and hear nothing new."))
    return go("list_offered", tenant=tenant)


def _show(db: Work, entry_id: int, form: Form, problem: Problem | None = None, *, actor: Actor) -> AnyResponse:
    title, language = content.name(content.titles(db, entry_id), *tenants.tree(db))
    return render(
        "commons/offer.html",
        status=status_of(problem) if problem else 200,
        entry_id=entry_id,
        title=title,
        written_in=language or tenants.root_language(db),
        form=form,
        is_offered=commons.offering(db, entry_id) is not None,
        credit=commons.credit(db, entry_id),
        choices=licences(),
        **around(db, actor),
    )
