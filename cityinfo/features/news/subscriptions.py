"""Browsers that want to be told of news."""

from __future__ import annotations

import hashlib

from sqlalchemy import delete, select

from cityinfo.features import tenants
from cityinfo.kernel import clock, limits
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound

from . import rules
from .models import Subscription
from .queries import LOCAL_FLAG


def subscribe(db: Work, *, endpoint: str, p256dh: str, auth: str, language: str, address: str) -> None:
    """Tell this browser of news in this language from now on. Saying it again changes language and keys.

    `address` is where it came from; it is not kept. Raises `Limited` when too many came from there.
    """
    if not tenants.offers(db, LOCAL_FLAG) or language not in tenants.active_languages(db):
        raise NotFound("push.off", "This city tells no news in this language.")
    rules.check_subscription(endpoint, p256dh, auth)
    limits.count(db, "push", address=address, most=rules.MOST_SUBSCRIPTIONS, within=rules.WITHIN)
    digest = _digest(endpoint)
    row = db.scalar(select(Subscription).where(Subscription.digest == digest))
    if row is None:
        row = Subscription(id=db.new_id(), digest=digest, endpoint=endpoint, created_at=clock.now())
        db.add(row)
    row.p256dh, row.auth, row.language = p256dh, auth, language
    db.flush()


def unsubscribe(db: Work, *, endpoint: str) -> None:
    """Tell this browser nothing any more. One that is not known is not told anything either."""
    db.execute(
        delete(Subscription).where(Subscription.digest == _digest(endpoint)),
        execution_options={"synchronize_session": False},
    )


def _digest(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()
