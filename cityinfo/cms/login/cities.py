"""Which city to work in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, announce, blueprint, go, render
from cityinfo.cms.media.words import size
from cityinfo.cms.sentences import closed
from cityinfo.cms.words import role_name
from cityinfo.features import accounts, deletion, logins, tenants
from cityinfo.features.accounts import Membership
from cityinfo.features.deletion import Kept
from cityinfo.features.tenants import Tenant
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, NotFound
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded, signed_in
from cityinfo.web.request import account_work

from .archives import newest_archive, sent
from .entering import database, refused


@dataclass(frozen=True, slots=True)
class Choice:
    """A city someone may enter, and as what."""

    slug: str
    name: str
    roles: list[str]


@dataclass(frozen=True, slots=True)
class Closed:
    """A city of theirs that was closed: a sentence, and its archive for who has managed it."""

    city_id: int
    sentence: str
    archive: Kept | None


@dataclass(frozen=True, slots=True)
class Choices:
    """Where someone may go: their own cities; for the platform's staff every city, and the one they act in now.

    `closed` are cities of theirs where nobody may go any more.
    """

    mine: list[Choice]
    every: list[Tenant]
    acting: Tenant | None
    staff: bool
    closed: list[Closed]


@blueprint.get("/")
@signed_in
def choose_city() -> AnyResponse:
    """The cities one works in; straight on when there is only one."""
    choices = _choices()
    if len(choices.mine) == 1 and not choices.staff and not choices.closed:
        return go("show_dashboard", tenant=choices.mine[0].slug)
    return render("login/cities.html", choices=choices, form=Form(), size=size)


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
        return refused(problem, "login/cities.html", form, field="reason", choices=_choices(), size=size)
    return go("show_dashboard", tenant=slug)


@blueprint.post("/leave")
@guarded("platform:manage")
def leave_city() -> AnyResponse:
    """Stop acting in the city."""
    with account_work(write=True) as (db, _, session):
        logins.sessions.act_in(db, session.id, None)
    return go("choose_city")


@blueprint.get("/closed/<int:city_id>/archive")
@signed_in
def fetch_archive(city_id: int) -> AnyResponse:
    """The archive of a closed city, for who has managed it."""
    with account_work() as (db, account, _session):
        roles = accounts.cities_of(database(), account.id).get(city_id, [])
        is_closed = bool(deletion.closed_among(db, [city_id]))
    if not is_closed or not any(one.role == accounts.MANAGER for one in roles):
        raise NotFound("address.unknown", _("There is nothing under this address."))
    return sent(city_id)


def _choices() -> Choices:
    with account_work() as (db, account, session):
        announce(db, account.id)
        roles = accounts.cities_of(database(), account.id)
        mine, closed = _mine(db, roles), _closed(db, roles)
        every = list(tenants.directory(db)) if account.staff else []
        acting = next((city for city in every if logins.sessions.is_acting_in(session, city.id)), None)
    return Choices(mine, every, acting, account.staff, closed)


def _closed(db: Work, found: Mapping[int, list[Membership]]) -> list[Closed]:
    rows = deletion.closed_among(db, found) if found else ()
    return [
        Closed(row.city_id, closed(row.name, row.due_at), newest_archive(row.city_id) if is_manager else None)
        for row in rows
        for is_manager in (any(one.role == accounts.MANAGER for one in found[row.city_id]),)
    ]


def _mine(db: Work, found: Mapping[int, list[Membership]]) -> list[Choice]:
    known = {tenant.id: tenant for tenant in tenants.directory(db)}
    choices = [
        Choice(known[tenant_id].slug, known[tenant_id].full_name, [role_name(row.role) for row in rows])
        for tenant_id, rows in found.items()
        if tenant_id in known
    ]
    return sorted(choices, key=lambda choice: choice.name)
