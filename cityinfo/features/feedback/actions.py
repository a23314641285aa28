"""Sending feedback, and what editors do with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from cityinfo.kernel import clock, limits
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.facts import Actor, Change, tell

from . import facts, queries, rules
from .models import Feedback
from .queries import KIND

_TYPED = ("slug", "comment", "contact", "query")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a reader says. `slug` names the one page, event or the like it is about."""

    topic: str
    slug: str = ""
    rating: str = ""
    comment: str = ""
    contact: str = ""
    query: str = ""
    technical: bool = False


def send(db: Work, message: Message, *, language: str, address: str, keep: timedelta) -> str:
    """Keep what a reader says for so long; returns the ticket with which the reader finds the reply, told only here.

    `address` is where it came from; it is not kept. Belongs into a unit of work without a number. Raises `Limited` when
    too much came from there, `NotFound` when what it is about does not exist.
    """
    typed: dict[str, Any] = {name: rules.cleaned(getattr(message, name)) for name in _TYPED}
    message = replace(message, **typed)
    rules.check_topic(message.topic)
    rules.check_said(rating=message.rating, comment=message.comment, query=message.query)
    rules.check_contact(message.contact)
    about = queries.subject(db, message.topic, language, message.slug) if _names_one(message) else None
    limits.count(db, KIND, address=address, most=rules.MOST_SENT, within=rules.WITHIN)
    now, ticket = clock.now(), secrets.token_urlsafe(16)
    row = _row(db, message, language, now)
    row.entry_id, row.ticket = about, rules.digest_of_ticket(ticket)
    row.delete_at = now + keep
    db.add(row)
    db.flush()
    return ticket


def reply(db: Work, feedback_id: int, words: str, *, actor: Actor) -> None:
    """Answer; the reader finds it with the ticket. A later reply takes the place of an earlier one."""
    row = queries.find(db, feedback_id)
    before = digest(row)
    row.reply, row.replied_at, row.replied_by = rules.check_reply(words), clock.now(), str(actor)
    _tell(db, facts.FeedbackAnswered, row, before, actor)


def mark_read(db: Work, feedback_id: int, *, actor: Actor) -> None:
    """Note who looked at it first."""
    row = queries.find(db, feedback_id)
    before = digest(row)
    if row.read_at is None:
        row.read_at, row.read_by = clock.now(), str(actor)
        _tell(db, facts.FeedbackRead, row, before, actor)


def archive(db: Work, feedback_id: int, *, actor: Actor) -> None:
    """Put it out of the way. Its day of deletion stays."""
    row = queries.find(db, feedback_id)
    before = digest(row)
    if row.archived_at is None:
        row.archived_at = clock.now()
        _tell(db, facts.FeedbackArchived, row, before, actor)


def restore(db: Work, feedback_id: int, *, actor: Actor) -> None:
    """Bring it back into the list."""
    row = queries.find(db, feedback_id)
    before = digest(row)
    if row.archived_at is not None:
        row.archived_at = None
        _tell(db, facts.FeedbackRestored, row, before, actor)


def forward(db: Work, feedback_id: int, *, to: str, actor: Actor) -> None:
    """Note that someone else has been told: a colleague, an organization, the operator of the service."""
    row = queries.find(db, feedback_id)
    before = digest(row)
    row.forwarded_to, row.forwarded_at = rules.check_reply(to), clock.now()
    _tell(db, facts.FeedbackForwarded, row, before, actor)


def delete_old(db: Work, moment: datetime) -> int:
    """Delete what was not to be kept beyond this moment; returns how much it was."""
    gone: int = db.execute(delete(Feedback).where(Feedback.delete_at <= moment)).rowcount  # type: ignore[attr-defined]
    return gone


def _names_one(message: Message) -> bool:
    return bool(rules.TOPICS[message.topic] and (message.slug or message.topic == "imprint"))


def _row(db: Work, message: Message, language: str, now: datetime) -> Feedback:
    return Feedback(
        id=db.new_id(),
        created_at=now,
        language=language,
        topic=message.topic,
        subject=message.slug if _names_one(message) else "",
        rating=message.rating,
        comment=message.comment,
        contact=message.contact,
        query=message.query,
        technical=message.technical,
        spam_score=rules.spam_score(message.comment),
        reply="",
        replied_by="",
        read_by="",
        forwarded_to="",
    )


def _tell(db: Work, fact: Callable[..., Change], row: Feedback, before: str, actor: Actor) -> None:
    db.flush()
    tell(db, fact(actor=actor, kind=KIND, entry_id=row.id, before=before, after=digest(row)))
