"""Choosing what a city insists on, and insisting on it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from cityinfo.features import content
from cityinfo.features.content import TextPublished, TextScheduled, Version
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.facts import Actor, tell

from . import queries, rules
from .facts import GatesChanged
from .models import Gate
from .rules import Flaw, Gates


def set_gates(db: Work, wanted: Gates, *, actor: Actor) -> None:
    """Let exactly these flaws keep a text from being published. What is public already stays so."""
    wanted, before = rules.check_gates(wanted), queries.gates(db)
    if wanted == before:
        return
    for row in db.scalars(select(Gate)).all():
        db.delete(row)
    db.flush()
    years = {Flaw.HARD_TEXT: wanted.most_year}
    db.add_all(Gate(flaw=str(flaw), most_year=years.get(flaw)) for flaw in sorted(wanted.flaws))
    db.flush()
    said = {"before": _digest(before), "after": _digest(wanted)}
    tell(db, GatesChanged(actor=actor, kind="tenant", entry_id=db.tenant_id, **said))


def check_published(db: Work, facts: Sequence[TextPublished]) -> None:
    """Subscriber: nobody publishes words with a flaw that the city insists on, through whichever door.

    Words that readers see already are not held up, nor is what comes by itself: imports, feeds, and what was planned
    and looked at then.
    """
    for fact in facts:
        if fact.actor.rights is not None and fact.before != fact.after:
            text = content.find_text(db, fact.entry_id, fact.language)
            _check(db, content.version(db, text.public_version_id), fact.entry_id, fact.language)


def check_scheduled(db: Work, facts: Sequence[TextScheduled]) -> None:
    """Subscriber: the same when publishing is planned, while there is someone to tell."""
    for fact in facts:
        text = content.find_text(db, fact.entry_id, fact.language)
        if fact.actor.rights is not None and text.publish_at is not None:
            _check(db, content.version(db, text.current_version_id), fact.entry_id, fact.language)


def _check(db: Work, version: Version | None, entry_id: int, language: str) -> None:
    if version is not None and queries.gates(db).flaws:
        rules.check_passes(queries.findings(db, version.content, language, entry_id=entry_id))


def _digest(gates: Gates) -> str:
    return digest(sorted(gates.flaws), gates.most_year)
