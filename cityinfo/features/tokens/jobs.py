"""What the worker does for tokens."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select

from cityinfo.kernel import clock
from cityinfo.kernel.db import EVERY_TENANT, Database

from .models import ApiToken

ENDED_STAY = timedelta(days=90)  # as long as somebody may ask what a token was for; the log keeps it for ever


def forget_ended(database: Database) -> int:
    """Delete tokens that ended long ago, city by city; returns in how many cities there were any."""
    limit = clock.now() - ENDED_STAY
    ended = or_(ApiToken.revoked_at < limit, ApiToken.expires_at < limit)
    with database.unit_of_work(EVERY_TENANT, reason="looks for tokens that ended long ago") as db:
        cities = db.scalars(select(ApiToken.tenant_id).where(ended).distinct()).all()
    for tenant_id in cities:
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            db.execute(delete(ApiToken).where(ended))
    return len(cities)
