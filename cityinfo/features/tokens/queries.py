"""Reading tokens."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from cityinfo.features import accounts
from cityinfo.features.accounts import TOKEN, Grant, PersonRights, Places
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound, Unauthenticated
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from . import rules
from .models import ApiToken


def find(db: Work, token_id: int) -> ApiToken:
    """The token; `NotFound` when this city has none such."""
    token = db.get(ApiToken, (db.tenant_id, token_id))
    if token is None:
        raise NotFound("token.unknown", say("There is no token {token_id}.", token_id=token_id))
    return token


def tokens(db: Work) -> Sequence[ApiToken]:
    """All of this city, newest first, ended ones included."""
    return db.scalars(select(ApiToken).order_by(ApiToken.id.desc())).all()


def valid(db: Work, secret: str) -> ApiToken:
    """The token of this city with this secret; `Unauthenticated` when there is none or it has ended."""
    token = db.scalar(select(ApiToken).where(ApiToken.digest == rules.digest_of(secret)))
    if token is None or token.revoked_at is not None or token.expires_at <= clock.now():
        raise Unauthenticated("token.invalid", "This token is not valid in this city, or no longer; use another one.")
    return token


def actor_of(db: Work, secret: str, *, places: Places) -> Actor:
    """Whoever holds this secret, with the rights it brings in this city."""
    token = valid(db, secret)
    grant = Grant(
        role=TOKEN,
        marks=dict.fromkeys(token.scopes, "x"),
        kinds=frozenset(token.kinds),
        subtree=frozenset(token.subtree),
        reviewed=token.reviewed,
    )
    return Actor(accounts.TOKEN, str(token.id), PersonRights(db, [grant], places))
