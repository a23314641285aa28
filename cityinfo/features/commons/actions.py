"""Giving a page to other cities, and naming whom a page here came from."""

from __future__ import annotations

from dataclasses import dataclass

from cityinfo.features import content
from cityinfo.features.content import EntryChanged
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import rules
from .facts import OfferWithdrawn, PageOffered
from .models import Credit, Offering

KIND = "page"  # what can be given away: it says something that is true in more than one city


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a page is given away; see `rules.LICENCES`. `note` is for other cities' editors."""

    licence: str
    attribution: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Whose words a page began with: their city by its address, the licence, and what they want to be called."""

    source: str
    licence: str
    attribution: str


def offer(db: Work, entry_id: int, terms: Terms, *, actor: Actor) -> Offering:
    """Let other cities take a public page, or take it on other terms from now on.

    `Invalid` for what readers do not see and for what is no page; `Conflict` for what came from another city, whose
    page it is to give.
    """
    entry = content.find_entry(db, entry_id)
    if entry.kind != KIND or not content.is_public(db, entry_id):
        raise Invalid("commons.not_public", "Only pages that readers can see can be offered. Publish it first.")
    if (credit := db.get(Credit, (db.tenant_id, entry_id))) is not None:
        raise Conflict(
            "commons.of_others", say("This came from {name}, who offer it themselves.", name=credit.attribution)
        )
    row = db.get(Offering, (db.tenant_id, entry_id))
    before = _state(row)
    row = row or Offering(entry_id=entry_id, offered_by=str(actor), offered_at=clock.now())
    row.licence = rules.check_licence(terms.licence)
    row.attribution, row.note = rules.check_attribution(terms.attribution), rules.check_note(terms.note)
    db.add(row)
    db.flush()
    if _state(row) != before:
        said = {"before": before, "after": _state(row), "note": row.licence}
        tell(db, PageOffered(actor=actor, kind=entry.kind, entry_id=entry_id, **said))
    return row


def withdraw(db: Work, entry_id: int, *, actor: Actor) -> None:
    """Offer a page no longer. Whoever has it keeps it, and receives nothing new."""
    entry, row = content.find_entry(db, entry_id), db.get(Offering, (db.tenant_id, entry_id))
    if row is None:
        return
    before = _state(row)
    db.delete(row)
    db.flush()
    tell(db, OfferWithdrawn(actor=actor, kind=entry.kind, entry_id=entry_id, before=before))


def give_credit(db: Work, entry_id: int, naming: Naming | None, *, actor: Actor) -> None:
    """Tell readers from now on whose words a page began with; None for words of this city's own."""
    row = db.get(Credit, (db.tenant_id, entry_id))
    before = digest(naming_of(row)) if row else ""
    if (naming_of(row) if row else None) == naming:
        return
    if naming is None:
        db.delete(row)
    else:
        row = row or Credit(entry_id=entry_id)
        row.source, row.attribution = naming.source, rules.check_attribution(naming.attribution)
        row.licence = rules.check_licence(naming.licence)
        db.add(row)
    db.flush()
    said = {"before": before, "after": digest(naming) if naming else ""}
    tell(db, EntryChanged(actor=actor, kind=KIND, entry_id=entry_id, widely=False, **said))


def _state(row: Offering | None) -> str:
    return digest(row.licence, row.attribution, row.note) if row else ""


def naming_of(row: Credit) -> Naming:
    """What a credit says."""
    return Naming(source=row.source, licence=row.licence, attribution=row.attribution)
