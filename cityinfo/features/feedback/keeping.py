"""Feedback as archives of a city keep it: everything but the tickets with which readers find the replies."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import select

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.facts import Actor, tell

from . import facts, rules
from .models import Feedback
from .queries import KIND


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a reader said, what it was about, and what became of it. `…_by` are people as their city calls them."""

    created_at: datetime
    delete_at: datetime
    language: str
    topic: str
    entry_id: int | None = None
    subject: str = ""
    rating: str = ""
    comment: str = ""
    contact: str = ""
    query: str = ""
    technical: bool = False
    reply: str = ""
    replied_at: datetime | None = None
    replied_by: str = ""
    read_at: datetime | None = None
    read_by: str = ""
    archived_at: datetime | None = None
    forwarded_at: datetime | None = None
    forwarded_to: str = ""


_COLUMNS = tuple(one.name for one in fields(Kept))


def all_kept(db: Work) -> list[Kept]:
    """All that is there, the oldest first."""
    rows = db.scalars(select(Feedback).order_by(Feedback.created_at, Feedback.id))
    return [Kept(**{name: getattr(row, name) for name in _COLUMNS}) for row in rows]


def take_over(db: Work, wanted: Sequence[Kept], *, actor: Actor) -> int:
    """Add what is not here and whose day of deletion has not come; returns how much that was."""
    here = {_sign(one) for one in all_kept(db)}
    missing = [one for one in wanted if _sign(one) not in here and one.delete_at > clock.now()]
    for one in missing:
        rules.check_topic(one.topic)
        rules.check_said(rating=one.rating, comment=one.comment, query=one.query)
        rules.check_contact(one.contact)
        # Nobody has the ticket that leads to this.
        unknown = {"ticket": rules.digest_of_ticket(secrets.token_urlsafe(16))}
        row = Feedback(id=db.new_id(), spam_score=rules.spam_score(one.comment), **unknown, **asdict(one))
        db.add(row)
        db.flush()
        tell(db, facts.FeedbackTakenOver(actor=actor, kind=KIND, entry_id=row.id, after=digest(row)))
    return len(missing)


def _sign(one: Kept) -> tuple[object, ...]:
    """By what the same message is known again, whatever has become of it."""
    return one.created_at, one.topic, one.comment, one.query, one.rating
