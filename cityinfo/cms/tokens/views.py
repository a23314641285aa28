"""The list of tokens, a new one, and taking one back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, blueprint, city_zone, go, notice, render, screen
from cityinfo.cms.words import for_field, kind_names
from cityinfo.cms.writing.forms import moment
from cityinfo.features import accounts, tokens
from cityinfo.features.tokens import ApiToken, TokenDraft
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

READ, WRITE, PUBLISH = "read", "write", "publish"
_VERBS = {
    READ: ("read",),
    WRITE: ("read", "create", "write", "translate", "edit"),
    PUBLISH: ("read", "create", "write", "translate", "edit", "publish"),
}
_AROUND = ("settings:read", "languages:read")  # which languages there are, and what is switched on
YEAR = timedelta(days=365)
ON_A_SHEET = 25
FIELDS = {"token.name": "name", "token.expiry": "expires_at", "text.moment": "expires_at", "token.rate": "per_minute"}


@blueprint.get("/<tenant>/tokens")
@guarded("tokens:read")
def list_tokens(tenant: str) -> AnyResponse:
    """Newest first, ended ones too, a sheet at a time."""
    with screen() as (db, _actor):
        return _list(db, Form(_usual()))


@blueprint.post("/<tenant>/tokens")
@guarded("tokens:manage")
def create_token(tenant: str) -> AnyResponse:
    """Make one and show its secret, this once. What was typed stays when it is refused."""
    try:
        with screen(write=True) as (db, actor):
            token, secret = tokens.create(db, _draft(), actor=actor)
            name = token.name
        with screen() as (db, _actor):
            response = _list(db, Form(_usual()), made=name, secret=secret)
    except Invalid as problem:
        with screen() as (db, _actor):
            return _list(db, Form(request.form.to_dict()).refuse(problem, FIELDS), status=422)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<tenant>/tokens/<int:token_id>/revoke")
@guarded("tokens:manage")
def revoke_token(tenant: str, token_id: int) -> AnyResponse:
    """Let it be worth nothing from the next request on."""
    with screen(write=True) as (db, actor):
        tokens.revoke(db, token_id, actor=actor)
    notice(_("Revoked."), _("Whoever uses this token is refused from now on."))
    return go("list_tokens", tenant=tenant)


def scopes_of(reach: str, kinds: list[str]) -> list[str]:
    """The permissions behind a choice of the form, as far as a token can have them."""
    wanted = [f"{kind}:{verb}" for kind in kinds for verb in _VERBS.get(reach, ())]
    return [one for one in (*wanted, *(_AROUND if wanted else ())) if one in accounts.FOR_TOKENS]


def _draft() -> TokenDraft:
    expires_at, kinds = moment("expires_at"), request.form.getlist("kinds")
    if expires_at is None:
        raise Invalid("token.expiry", _("Say when the token ends; it can be replaced by then."))
    if not kinds:
        raise Invalid("token.scope", _("Choose at least one kind of content."))
    if not set(kinds) <= set(kind_names()) or request.form.get("reach") not in _VERBS:
        raise Invalid("token.scope", _("This request cannot be used; go back and try again."))
    return TokenDraft(
        name=request.form.get("name", ""),
        scopes=scopes_of(request.form["reach"], kinds),
        expires_at=expires_at,
        reviewed="reviewed" in request.form,
        per_minute=request.form.get("per_minute", 0, type=int),
    )


def _usual() -> dict[str, str]:
    """With what an empty form begins."""
    ends = for_field(clock.now() + YEAR, zone=city_zone())
    return {"expires_at": ends, "per_minute": "120", "reach": READ}


def _list(db: Work, form: Form, *, status: int = 200, **made: str) -> AnyResponse:
    start = max(request.args.get("from", 0, type=int), 0)
    found = tokens.tokens(db)
    return render(
        "tokens/list.html",
        status=status,
        tokens=[_row(one) for one in found[start : start + ON_A_SHEET]],
        following=start + ON_A_SHEET if len(found) > start + ON_A_SHEET else None,
        names=accounts.names(db),
        kinds=kind_names(),
        chosen=request.form.getlist("kinds") if status != 200 else [],
        form=form,
        made=made,
    )


def _row(token: ApiToken) -> dict[str, Any]:
    """A token and what it comes to, as the form would say it."""
    kinds = dict.fromkeys(scope.partition(":")[0] for scope in token.scopes)
    verbs = {scope.partition(":")[2] for scope in token.scopes}
    reach = PUBLISH if "publish" in verbs else WRITE if "write" in verbs else READ
    ended = token.revoked_at is not None or token.expires_at <= clock.now()
    return {"token": token, "kinds": [one for one in kinds if one in kind_names()], "reach": reach, "ended": ended}
