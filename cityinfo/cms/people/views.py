"""The list of people with their roles, and what is done from there."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import choices, sentences
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.cms.words import role_name
from cityinfo.cms.writing.forms import moment
from cityinfo.features import accounts, logins, tenants
from cityinfo.features.accounts import Account, MembershipDraft
from cityinfo.features.organizations import ORGANIZATIONS
from cityinfo.kernel import i18n
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

SHOWN = 50  # people on one sheet
FIELDS = {
    "account.email": "email",
    "account.name": "name",
    "membership.expiry": "expires_at",
    "text.moment": "expires_at",
    "membership.organization": "organization",
}


@blueprint.get("/<tenant>/people")
@guarded("people:read")
def list_people(tenant: str) -> AnyResponse:
    """Everyone with a role, by name, a sheet at a time; `q` looks in names and addresses."""
    with screen() as (db, _actor):
        return _list(db, Form())


@blueprint.post("/<tenant>/people")
@guarded("people:manage")
def invite_person(tenant: str) -> AnyResponse:
    """Give someone a role and send them a letter. What was typed stays when it is refused."""
    form = Form(request.form.to_dict())
    email = form.values.get("email", "")
    try:
        with screen(write=True) as (db, actor):
            said = {"name": form.values.get("name", ""), "language": i18n.language()}
            logins.invite(db, email, **said, membership=_draft(), actor=actor)
    except (Conflict, Invalid) as problem:
        form.refuse(problem, FIELDS)
        with screen() as (db, _actor):
            return _list(db, form, status=422)
    notice(_("Invited."), _("A letter is on its way to {email}.", email=email.strip()))
    return go("list_people", tenant=tenant)


@blueprint.post("/<tenant>/people/<int:membership_id>/end")
@guarded("people:manage")
def end_membership(tenant: str, membership_id: int) -> AnyResponse:
    """Take a role away. The city's last manager keeps it, and it is said when only one is left."""
    try:
        with screen(write=True) as (db, actor):
            accounts.revoke_membership(db, membership_id, actor=actor)
    except Invalid as problem:
        notice(sentences.said(problem), kind="danger")
        return go("list_people", tenant=tenant)
    notice(_("The role has ended."))
    return go("list_people", tenant=tenant)


def _list(db: Work, form: Form, status: int = 200) -> AnyResponse:
    wanted = request.args.get("q", "").strip()
    start = max(request.args.get("from", 0, type=int), 0)
    found = [one for one in accounts.people(db) if _is_meant(one.account, wanted.casefold())]
    return render(
        "people/list.html",
        status=status,
        people=found[start : start + SHOWN],
        following=start + SHOWN if len(found) > start + SHOWN else None,
        wanted=wanted,
        form=form,
        missing=accounts.managers_missing(db),
        languages=tenants.languages(db),
        tree=tenants.tree(db),
        chosen=request.form.getlist("languages"),
        roles={role: role_name(role) for role in accounts.ROLES},
        organizations=choices.entries(db, ORGANIZATIONS),
        invited={one.account.id for one in logins.invitations(db)},
        role_name=role_name,
    )


def _is_meant(account: Account, words: str) -> bool:
    return words in account.name.casefold() or words in account.email.casefold()


def _draft() -> MembershipDraft:
    role = request.form.get("role", "")
    return MembershipDraft(
        role=role,
        languages=request.form.getlist("languages"),
        organization=request.form.get("organization", type=int) if role == accounts.CONTRIBUTOR else None,
        expires_at=moment("expires_at"),
    )
