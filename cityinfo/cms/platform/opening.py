"""A new city that begins empty: its languages and who manages it; and inviting managers to any city."""

from __future__ import annotations

from dataclasses import replace

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, blueprint, go, notice, render
from cityinfo.cms.login.entering import database
from cityinfo.features import accounts, condition, logins, tenants
from cityinfo.features.accounts import MANAGER, MembershipDraft
from cityinfo.features.tenants import LanguageChoice, TenantDraft
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from . import state
from . import typed as form_of
from .desk import staff_screen
from .typed import OF_CITY, Typed

FIELDS = {
    **form_of.FIELDS,
    "tenant.language_unknown": "root",
    "account.name": "manager",
    "account.email": "email",
}
OFFERED = ("events", "locations", "contacts", "offers", "push_notifications")  # what a new city begins with


@blueprint.post("/platform/cities/new")
@guarded("platform:manage")
def open_city() -> AnyResponse:
    """Open a city. It stays hidden until someone shows it. What was typed stays when it is refused."""
    typed, form = Typed.of(request.form), Form(request.form.to_dict())
    with staff_screen() as (db, staff):
        account_id = int(staff.name)
        form.errors = typed.faults(db)
    if form.errors:
        return show(typed, form, status=422)
    tenant_id = database().identities.next()
    try:
        with database().unit_of_work(tenant_id, write=True) as db:
            actor = accounts.actor_in(db, account_id, acting=True)
            name = _open(db, typed.facts, form, actor=actor)
    except (Conflict, Invalid) as problem:
        return show(typed, form.refuse(problem, FIELDS), status=422)
    notice(_("{city} is open.", city=name), _("It stays hidden from readers until you show it."))
    return go("show_city", city_id=tenant_id)


@blueprint.post("/platform/cities/<int:city_id>/managers")
@guarded("platform:manage")
def invite_manager(city_id: int) -> AnyResponse:
    """Invite someone to manage a city. What was typed stays when it is refused."""
    form = Form(request.form.to_dict())
    with staff_screen() as (_db, staff):
        account_id = int(staff.name)
    try:
        with database().unit_of_work(city_id, write=True) as db:
            tenants.own(db)
            _invite(db, form, actor=accounts.actor_in(db, account_id, acting=True))
            condition.measure(db)
    except (Conflict, Invalid) as problem:
        return state.show(city_id, form.refuse(problem, FIELDS), status=422)
    notice(_("The invitation is on its way."))
    return go("show_city", city_id=city_id)


def _open(db: Work, facts: TenantDraft, form: Form, *, actor: Actor) -> str:
    draft = replace(facts, features=dict.fromkeys(OFFERED, True))
    city = tenants.create(db, draft, languages=_languages(form), actor=actor)
    if form.values.get("email", "").strip():
        _invite(db, form, actor=actor)
    condition.measure(db)
    return city.full_name


def _invite(db: Work, form: Form, *, actor: Actor) -> None:
    said = {"name": form.values.get("manager", ""), "language": "de"}
    logins.invite(
        db, form.values.get("email", "").strip(), **said, membership=MembershipDraft(role=MANAGER), actor=actor
    )


def _languages(form: Form) -> list[LanguageChoice]:
    root = form.values.get("root", "")
    others = [one for one in request.form.getlist("languages") if one != root]
    return [LanguageChoice(slug=root), *(LanguageChoice(slug=one, source=root) for one in others)]


def show(typed: Typed, form: Form | None = None, *, status: int = 200) -> AnyResponse:
    """The second step of a city that begins empty."""
    form = form or Form({"root": "de", **typed.values})
    with staff_screen() as (db, _actor):
        languages = tenants.languages(db)
    return render(
        "platform/new_city.html",
        status=status,
        form=form,
        typed=typed,
        languages=languages,
        chosen=typed.languages,
        rest=list(typed.hidden(*OF_CITY)),
    )
