"""Finding what was answered before."""

from __future__ import annotations

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor

from . import rules
from .models import KeptAnswer


def find(db: Work, key: str, request: str, *, actor: Actor) -> KeptAnswer | None:
    """The answer this actor was given under the key; None when the key is new.

    Raises `Invalid` when another request was sent under it. Belongs into the unit of work that would make the change:
    the tenant's clock lets one of two simultaneous retries in at a time.
    """
    kept = db.get(KeptAnswer, (db.tenant_id, str(actor), key))
    if kept is None or kept.created_at <= clock.now() - rules.KEPT_FOR:
        return None
    if kept.request != request:
        raise Invalid("idempotency.reused", "Another request was sent with this Idempotency-Key; use a new one.")
    return kept
