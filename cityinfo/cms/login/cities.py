"""Which city to work in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, announce, blueprint, go, render
from cityinfo.cms.words import role_name
from cityinfo.features import accounts, logins, tenants
from cityinfo.features.tenants import Tenant
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.web.guard import guarded, signed_in
from cityinfo.web.request import account_work

from .entering import database, refused


@dataclass(frozen=True, slots=True)
class Choice:
    """A city someone may enter, and as what."""

    slug: str
    name: str
    roles: list[str]


@dataclass(frozen=True, slots=True)
class Choices:
    """Where someone may go: their own cities; for the platform's staff every city, and the one they act in now."""

    mine: list[Choice]
    every: list[Tenant]
    acting: Tenant | None
    staff: bool


@blueprint.get("/")
@signed_in
def choose_city() -> AnyResponse:
    """The cities one works in; straight on when there is only one."""
    choices = _choices()
    if len(choices.mine) == 1 and not choices.staff:
        return go("show_dashboard", tenant=choices.mine[0].slug)
    return render("login/cities.html", choices=choices, form=Form())


@blueprint.post("/enter")
@guarded("platform:manage")
def enter_city() -> AnyResponse:
    """Act in a city as one of those who run the platform. The reason is written to the city's own log."""
    form = Form(request.form.to_dict())
    with account_work() as (db, account, session):
        city = tenants.find(db, form.values.get("city", ""))
        tenant_id, slug = city.id, city.slug
    try:
        with database().unit_of_work(tenant_id, write=True) as db:
            accounts.enter(db, account.id, reason=form.values.get("reason", ""))
            logins.sessions.act_in(db, session.id, tenant_id)
    except Invalid as problem:
        return refused(problem, "login/cities.html", form, field="reason", choices=_choices())
    return go("show_dashboard", tenant=slug)


@blueprint.post("/leave")
@guarded("platform:manage")
def leave_city() -> AnyResponse:
    """Stop acting in the city."""
    with account_work(write=True) as (db, _, session):
        logins.sessions.act_in(db, session.id, None)
    return go("choose_city")


def _choices() -> Choices:
    with account_work() as (db, account, session):
        announce(db, account.id)
        mine = _mine(db, account.id)
        every = list(tenants.directory(db)) if account.staff else []
        acting = next((city for city in every if logins.sessions.is_acting_in(session, city.id)), None)
    return Choices(mine, every, acting, account.staff)


def _mine(db: Work, account_id: int) -> list[Choice]:
    found = accounts.cities_of(database(), account_id)
    known = {tenant.id: tenant for tenant in tenants.directory(db)}
    choices = [
        Choice(known[tenant_id].slug, known[tenant_id].full_name, [role_name(row.role) for row in rows])
        for tenant_id, rows in found.items()
        if tenant_id in known
    ]
    return sorted(choices, key=lambda choice: choice.name)
