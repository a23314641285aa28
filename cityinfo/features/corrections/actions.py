"""Telling another city what a page that came from there should say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cityinfo.features import content, proposals
from cityinfo.features.content import Wording
from cityinfo.features.proposals import ProposalAccepted, ProposalReturned
from cityinfo.features.upstream import Owner
from cityinfo.kernel import clock, html, jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor, tell

from . import queries
from .facts import CorrectionSent
from .models import SENT, Correction

CARRY, ANSWER = "corrections.carry", "corrections.answer"
CITY = "city"  # kind of the actor that proposes over there; its name is this city's identity


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDraft:
    """What the text should say, and why."""

    language: str
    title: str
    content: str
    message: str


def send(db: Work, entry_id: int, draft: CorrectionDraft, *, actor: Actor) -> Correction:
    """Propose it to the city the page came from; the worker carries it there.

    `NotFound` for a page that came from nowhere, or from a city that is not followed; `Invalid` without a reason or
    without a difference to what came.
    """
    owner, theirs = queries.what_came(db, entry_id, draft.language)
    row = _row(db, entry_id, draft, owner, theirs)
    row.author, row.sent_at = str(actor), clock.now()
    db.add(row)
    db.flush()
    jobs.enqueue(db, CARRY, correction=row.id)
    kind, said = content.find_entry(db, entry_id).kind, digest(row.id, row.title, row.content, row.message)
    about: dict[str, Any] = {"kind": kind, "entry_id": entry_id, "language": row.language}
    tell(db, CorrectionSent(actor=actor, after=said, note=owner.source, **about))
    return row


def _row(db: Work, entry_id: int, draft: CorrectionDraft, owner: Owner, theirs: Wording) -> Correction:
    words, message = _checked(draft, theirs)
    return Correction(
        id=db.new_id(),
        entry_id=entry_id,
        language=draft.language,
        source_id=owner.source_id,
        source_entry_id=owner.source_entry_id,
        title=words.title,
        content=words.content,
        message=message,
        state=SENT,
        answer="",
    )


def _checked(draft: CorrectionDraft, theirs: Wording) -> tuple[Wording, str]:
    words = Wording(content.check_title(draft.title), html.sanitise(draft.content))
    if words.digest == theirs.digest:
        raise Invalid("correction.same", "That is what they say already. Change what should be different.")
    message = proposals.check_message(draft.message)
    if not message:
        raise Invalid("correction.message", "Say why, so that the others can judge it.")
    return words, message


def answer(db: Work, told: Sequence[ProposalAccepted | ProposalReturned]) -> None:
    """Subscriber: whoever sent a correction hears what became of it."""
    for fact in told:
        if proposals.find(db, fact.proposal_id).author.startswith(f"{CITY}:"):
            jobs.enqueue(db, ANSWER, proposal=fact.proposal_id)
