"""Publishing anew what names a fact that has changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cityinfo.features import content
from cityinfo.features.tenants import TenantChanged
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor, tell

from . import queries, rules


def follow(db: Work, keys: Collection[str], *, actor: Actor, before: str, after: str) -> None:
    """Tell that what readers see of the entries that name these may be different now."""
    for entry_id, kind in sorted(queries.naming(db, keys)):
        about = {"kind": kind, "before": before, "after": after}
        tell(db, content.EntryChanged(actor=actor, entry_id=entry_id, widely=False, **about))


def follow_tenant(db: Work, told: Sequence[TenantChanged]) -> None:
    """Subscriber: the city may be called something else."""
    for fact in told[:1]:
        follow(db, {rules.TENANT_NAME}, actor=fact.actor, before=fact.before, after=fact.after)
