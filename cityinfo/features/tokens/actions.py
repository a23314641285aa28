"""Giving tokens out, taking them back, counting how often they are used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from cityinfo.features import accounts
from cityinfo.kernel import clock
from cityinfo.kernel.db import Database, Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Limited
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import facts, queries, rules
from .models import ApiToken

KIND = "token"  # as the audit log names them


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenDraft:
    """What a token shall be. `reviewed` lets everything it publishes wait for a review."""

    name: str
    scopes: Collection[str]
    expires_at: datetime
    kinds: Collection[str] = ()
    subtree: Collection[int] = ()
    reviewed: bool = False
    per_minute: int = 120


def create(db: Work, draft: TokenDraft, *, actor: Actor) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can ever read again. Nobody gives out more than they have."""
    name = rules.check_name(draft.name)
    rules.check_scopes(draft.scopes, draft.kinds)
    rules.check_time(draft.expires_at, clock.now())
    rules.check_rate(draft.per_minute)
    accounts.check_held(draft.scopes, actor)
    secret = rules.new_secret()
    token = ApiToken(
        id=db.new_id(),
        name=name,
        digest=rules.digest_of(secret),
        scopes=sorted(set(draft.scopes)),
        kinds=sorted(set(draft.kinds)),
        subtree=sorted(set(draft.subtree)),
        reviewed=draft.reviewed,
        per_minute=draft.per_minute,
        created_by=str(actor),
        created_at=clock.now(),
        expires_at=draft.expires_at,
        count=0,
    )
    db.add(token)
    db.flush()
    tell(
        db,
        facts.TokenCreated(actor=actor, kind=KIND, entry_id=token.id, after=_state(token), note=" ".join(token.scopes)),
    )
    return token, secret


def revoke(db: Work, token_id: int, *, actor: Actor) -> None:
    """Let the token be worth nothing from now on."""
    token = queries.find(db, token_id)
    if token.revoked_at is None:
        before = _state(token)
        token.revoked_at = clock.now()
        db.flush()
        tell(db, facts.TokenRevoked(actor=actor, kind=KIND, entry_id=token.id, before=before, after=_state(token)))


def _state(token: ApiToken) -> str:
    return digest(token.id, token.scopes, token.kinds, token.subtree, token.expires_at, token.revoked_at)


def use(database: Database, tenant_id: int, secret: str) -> None:
    """Count one request; `Limited` when there were too many within a minute, `Unauthenticated` for no valid token."""
    with database.unit_of_work(tenant_id) as db:
        queries.valid(db, secret)  # whoever guesses must not keep the city's writers waiting
    with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
        token, now = queries.valid(db, secret), clock.now()
        begun = token.counted_from if token.counted_from and now - token.counted_from < rules.MINUTE else now
        count = _count(db, token, begun, now)
    if count > token.per_minute:
        seconds = max(1, round((begun + rules.MINUTE - now).total_seconds()))
        raise Limited(
            "token.limited",
            say("Too many requests; try again in {seconds} seconds.", seconds=seconds),
            retry_after=seconds,
        )


def _count(db: Work, token: ApiToken, begun: datetime, now: datetime) -> int:
    """One more within the minute that has begun then; counted by the database, because others use it at once."""
    number = ApiToken.count + 1 if begun == token.counted_from else 1
    statement = update(ApiToken).where(ApiToken.id == token.id).values(count=number, counted_from=begun, used_at=now)
    options = {"synchronize_session": False}
    counted: int = db.execute(statement.returning(ApiToken.count), execution_options=options).scalar_one()
    return counted
