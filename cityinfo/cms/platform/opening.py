"""A new city: its name, its address, its languages and who manages it."""

from __future__ import annotations

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

from .desk import staff_screen

FIELDS = {
    "tenant.name": "name",
    "tenant.slug": "slug",
    "tenant.slug_reserved": "slug",
    "tenant.slug_taken": "slug",
    "tenant.language_unknown": "root",
    "account.name": "manager",
    "account.email": "email",
}
OFFERED = ("events", "locations", "contacts", "offers", "push_notifications")  # what a new city begins with


@blueprint.get("/platform/cities/new")
@guarded("platform:manage")
def new_city() -> AnyResponse:
    """The form, empty."""
    return _show(Form({"root": "de"}))


@blueprint.post("/platform/cities/new")
@guarded("platform:manage")
def open_city() -> AnyResponse:
    """Open a city. It stays hidden until someone shows it. What was typed stays when it is refused."""
    form = Form(request.form.to_dict())
    with staff_screen() as (_db, staff):
        account_id = int(staff.name)
    tenant_id = database().identities.next()
    try:
        with database().unit_of_work(tenant_id, write=True) as db:
            actor = accounts.actor_in(db, account_id, acting=True)
            name = _open(db, form, actor=actor)
    except (Conflict, Invalid) as problem:
        return _show(form.refuse(problem, FIELDS), status=422)
    notice(_("{city} is open.", city=name), _("It stays hidden from readers until you show it."))
    return go("show_city", city_id=tenant_id)


def _open(db: Work, form: Form, *, actor: Actor) -> str:
    prefix, name = tenants.split_name(form.values.get("name", ""))
    features = dict.fromkeys(OFFERED, True)
    slug = form.values.get("slug", "").strip()
    draft = TenantDraft(slug=slug, name=name, prefix=prefix, status=tenants.HIDDEN, features=features)
    city = tenants.create(db, draft, languages=_languages(form), actor=actor)
    email = form.values.get("email", "").strip()
    if email:
        said = {"name": form.values.get("manager", ""), "language": "de"}
        logins.invite(db, email, **said, membership=MembershipDraft(role=MANAGER), actor=actor)
    condition.measure(db)
    return city.full_name


def _languages(form: Form) -> list[LanguageChoice]:
    root = form.values.get("root", "")
    others = [one for one in request.form.getlist("languages") if one != root]
    return [LanguageChoice(slug=root), *(LanguageChoice(slug=one, source=root) for one in others)]


def _show(form: Form, *, status: int = 200) -> AnyResponse:
    with staff_screen() as (db, _actor):
        languages = tenants.languages(db)
    return render(
        "platform/new_city.html",
        status=status,
        form=form,
        languages=languages,
        chosen=request.form.getlist("languages"),
    )
