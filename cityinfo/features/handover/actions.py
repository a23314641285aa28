"""One change for all that someone's leaving takes: it is done as a whole or not at all."""

from __future__ import annotations

from collections.abc import Collection

from cityinfo.features import accounts, comments, content, tokens
from cityinfo.features.accounts import Places
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid, NotFound
from cityinfo.kernel.facts import Actor, tell

from . import facts, queries
from .queries import Burden, name_of


def hand_over(
    db: Work,
    account_id: int,
    *,
    to: int | None,
    revoked: Collection[int] = (),
    places: Places,
    actor: Actor,
) -> Burden:
    """Let a colleague take over what waits for someone, revoke these tokens of theirs, end all their roles here.

    Returns what waited. Without a colleague reviews wait for anyone. `Invalid` for the city's last manager.
    """
    roles = accounts.memberships(db, account_id)
    if not roles:
        raise NotFound("account.unknown", "There is no such person.")
    burden = queries.burden_of(db, account_id)
    successor = _successor(db, account_id, to, places)
    content.hand_over(db, name_of(account_id), successor, actor=actor)
    if successor is not None:
        comments.hand_over(db, name_of(account_id), successor, actor=actor)
    for token in burden.tokens:
        if token.id in revoked:
            tokens.revoke(db, token.id, actor=actor)
    before = digest([row.id for row in roles], to)
    for row in roles:
        accounts.revoke_membership(db, row.id, actor=actor)
    note = f"to={to or 'anyone'}, texts={len(burden.texts)}, threads={burden.threads}"
    tell(db, facts.WorkHandedOver(actor=actor, kind="membership", entry_id=account_id, before=before, note=note))
    return burden


def _successor(db: Work, account_id: int, to: int | None, places: Places) -> Actor | None:
    if to is None:
        return None
    if to not in queries.successors(db, account_id):
        raise Invalid("handover.colleague", "Choose a colleague who works in this city and stays.")
    return accounts.actor_in(db, to, places=places)
