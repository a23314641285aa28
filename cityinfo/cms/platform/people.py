"""People over all cities: who they are, where they work, how they get in; locking them out and ending their logins."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import blueprint, go, notice, render
from cityinfo.cms.login.entering import database
from cityinfo.cms.words import role_name
from cityinfo.features import accounts, logins, tenants
from cityinfo.features.accounts import ONLY, Sought
from cityinfo.features.tenants import Tenant
from cityinfo.kernel.db import Work
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .desk import ON_A_SHEET, staff_screen, start

ONE = "/platform/people/<int:account_id>"


@blueprint.get("/platform/people")
@guarded("platform:manage")
def list_everyone() -> AnyResponse:
    """Everyone by name, a sheet at a time; by words, and only some of them."""
    wanted, here = Sought(q=request.args.get("q", "").strip(), only=request.args.get("only", "")), start()
    rows, roles, total = accounts.sought(database(), wanted, start=here, most=ON_A_SHEET)
    with staff_screen() as (db, _actor):
        return render(
            "platform/people.html",
            rows=rows,
            roles=roles,
            total=total,
            following=here + ON_A_SHEET if here + ON_A_SHEET < total else None,
            ways=logins.ways_of(db, [row.id for row in rows]),
            cities=_cities(db),
            wanted=wanted,
            only=_only(),
            role_name=role_name,
        )


@blueprint.get(ONE)
@guarded("platform:manage")
def show_account(account_id: int) -> AnyResponse:
    """One person with all their roles and logins."""
    roles = accounts.cities_of(database(), account_id, ended=True)
    with staff_screen() as (db, actor):
        return render(
            "platform/account.html",
            person=accounts.account(db, account_id),
            roles=roles,
            cities=_cities(db),
            methods=logins.factors.methods(db, account_id),
            ways=logins.ways_of(db, [account_id])[account_id],
            sessions=logins.sessions.open_sessions(db, account_id),
            is_me=actor.name == str(account_id),
            role_name=role_name,
        )


@blueprint.post(f"{ONE}/lock")
@guarded("platform:manage")
def lock_account(account_id: int) -> AnyResponse:
    """Lock someone out of all cities, and end their logins. Nobody can do so to themselves."""
    with staff_screen(write=True) as (db, actor):
        person = accounts.account(db, account_id)
        if actor.name == str(account_id):
            notice(_("You cannot lock yourself out."), kind="warning")
            return go("show_account", account_id=account_id)
        accounts.set_active(db, account_id, False, actor=actor)
        logins.sessions.end_all(db, account_id, actor=actor)
        name = person.name
    notice(_("{name} is locked out of all cities.", name=name), _("All their logins have ended."))
    return go("show_account", account_id=account_id)


@blueprint.post(f"{ONE}/unlock")
@guarded("platform:manage")
def unlock_account(account_id: int) -> AnyResponse:
    """Let someone in again."""
    with staff_screen(write=True) as (db, actor):
        name = accounts.account(db, account_id).name
        accounts.set_active(db, account_id, True, actor=actor)
    notice(_("{name} can log in again.", name=name))
    return go("show_account", account_id=account_id)


@blueprint.post(f"{ONE}/end-logins")
@guarded("platform:manage")
def end_logins(account_id: int) -> AnyResponse:
    """End all their logins: they log in anew on every device."""
    with staff_screen(write=True) as (db, actor):
        accounts.account(db, account_id)
        logins.sessions.end_all(db, account_id, actor=actor)
    notice(_("All their logins have ended."), _("They log in anew on every device."))
    return go("show_account", account_id=account_id)


def _cities(db: Work) -> Mapping[int, Tenant]:
    return {city.id: city for city in tenants.everyone(db)}


def _only() -> dict[str, str]:
    words = {
        "staff": _("Staff of the platform"),
        "locked": _("Locked out"),
        "nowhere": _("Without a role anywhere"),
    }
    return {one: words[one] for one in ONLY}
