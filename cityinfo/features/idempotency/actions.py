"""Keeping answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from .models import KeptAnswer


def keep(
    db: Work, key: str, request: str, *, status: int, headers: Mapping[str, str], body: str, actor: Actor
) -> KeptAnswer:
    """Keep an answer with the change it tells of. A key that no longer counts begins anew."""
    old = db.get(KeptAnswer, (db.tenant_id, str(actor), key))
    kept = old or KeptAnswer(author=str(actor), key=key)
    kept.request, kept.status, kept.headers, kept.body = request, status, dict(headers), body
    kept.created_at = clock.now()
    db.add(kept)
    db.flush()
    return kept


def delete_old(db: Work, moment: datetime) -> int:
    """Delete answers from before this moment; returns how many."""
    gone: int = db.execute(delete(KeptAnswer).where(KeptAnswer.created_at <= moment)).rowcount  # type: ignore[attr-defined]
    return gone
