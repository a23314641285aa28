"""Ticking what only people know, and going live."""

from __future__ import annotations

from collections.abc import Sequence

from cityinfo.features import onboarding, tenants
from cityinfo.features.tenants import TenantChanged
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict
from cityinfo.kernel.facts import Actor, tell

from . import queries
from .facts import CityShown, CityTested
from .models import Opening


def tick_test(db: Work, done: bool, *, actor: Actor) -> None:
    """Say that the city was looked at on a phone, or that it was not."""
    row = _row(db)
    if (row.tested_at is not None) == done:
        return
    before = digest([row.tested_at])
    row.tested_at, row.tested_by = (clock.now(), str(actor)) if done else (None, "")
    db.flush()
    said = {"before": before, "after": digest([row.tested_at])}
    tell(db, CityTested(actor=actor, kind="tenant", entry_id=db.tenant_id, **said))


def go_live(db: Work, *, actor: Actor) -> None:
    """Show a new city to readers, whatever it lacks: people decide. Its own managers may do so once.

    `Conflict` once it was shown before: whoever hid it had a reason, so then it is for the platform's staff. And while
    it is still being made from another city.
    """
    if not queries.may_go_live(db):
        raise Conflict(
            "opening.shown_before", "This city was shown before. Ask whoever runs the platform to show it again."
        )
    if onboarding.is_being_made(db):
        raise Conflict("opening.not_whole", "This city is still being made. Wait until all of it is there.")
    tenants.set_status(db, tenants.ACTIVE, fact=CityShown, actor=actor)


def note_shown(db: Work, changes: Sequence[TenantChanged]) -> None:
    """Keep when a city was shown for the first time, whoever did it and how."""
    if tenants.own(db).status == tenants.ACTIVE:
        row = _row(db)
        if row.shown_at is None:
            row.shown_at, row.shown_by = clock.now(), str(changes[0].actor)
            db.flush()


def _row(db: Work) -> Opening:
    row = db.get(Opening, db.tenant_id)
    if row is None:
        row = Opening(tested_at=None, tested_by="", shown_at=None, shown_by="")
        db.add(row)
        db.flush()
    return row
