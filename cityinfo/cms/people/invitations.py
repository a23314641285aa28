"""Who was invited and has not come yet: send the letter again, or take the invitation back."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import blueprint, go, notice, render, screen
from cityinfo.cms.words import role_name
from cityinfo.features import logins
from cityinfo.features.accounts import Account
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

SHOWN = 50  # invitations on one sheet
ONE = "/<tenant>/people/invitations/<int:account_id>"


@blueprint.get("/<tenant>/people/invitations")
@guarded("people:read")
def list_invitations(tenant: str) -> AnyResponse:
    """By name, a sheet at a time."""
    start = max(request.args.get("from", 0, type=int), 0)
    with screen() as (db, _actor):
        found = logins.invitations(db)
        return render(
            "people/invitations.html",
            rows=found[start : start + SHOWN],
            total=len(found),
            following=start + SHOWN if len(found) > start + SHOWN else None,
            role_name=role_name,
        )


@blueprint.post(f"{ONE}/again")
@guarded("people:manage")
def invite_again(tenant: str, account_id: int) -> AnyResponse:
    """Another letter with another link; the earlier one opens nothing any more."""
    return _done(tenant, account_id, logins.invite_again, _("A letter is on its way to {email}."))


@blueprint.post(f"{ONE}/take-back")
@guarded("people:manage")
def take_back_invitation(tenant: str, account_id: int) -> AnyResponse:
    """End their roles here; the link opens nothing any more."""
    return _done(tenant, account_id, logins.take_back_invitation, _("The invitation of {email} is taken back."))


def _done(tenant: str, account_id: int, act: Callable[..., Account], said: str) -> AnyResponse:
    try:
        with screen(write=True) as (db, actor):
            email = act(db, account_id, actor=actor).email
    except (Conflict, Invalid) as problem:
        notice(sentences.said(problem), kind="warning")
    else:
        notice(said.format(email=email))
    return go("list_invitations", tenant=tenant)
