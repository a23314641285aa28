"""The only door for slugs: who has which, who had it before, and what happens when two want the same."""

from __future__ import annotations

from sqlalchemy import select

from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict

from . import queries, rules
from .models import CURRENT, FORMER, RESERVED, RETURNING, Address, Entry, Text


def claim(db: Work, entry: Entry, text: Text, *, slug: str | None, title: str) -> None:
    """Reserve the slug for the text until it is published; without one keep the present one or make it from the title.

    Raises `Conflict` with a proposal when the slug leads, or led, to another entry: none is changed silently.
    """
    rows = {
        row.role: row
        for row in queries.addresses(db, [entry.id])
        if row.language == text.language and row.role != FORMER
    }
    if slug is None and rows:
        return
    slug = slug or rules.free_slug(rules.slug_from(title), lambda one: _taken(db, entry, text, one))
    _give_up(db, rows.get(RESERVED) or rows.get(RETURNING), slug)
    if slug not in {row.slug for row in rows.values()}:
        _reserve(db, entry, text, slug)


def _give_up(db: Work, waiting: Address | None, wanted: str) -> None:
    """A slug that no reader has seen leaves no trace; one from before leads on again."""
    if waiting is None or waiting.slug == wanted:
        return
    if waiting.role == RETURNING:
        waiting.role = FORMER
    else:
        db.delete(waiting)
    db.flush()


def _reserve(db: Work, entry: Entry, text: Text, slug: str) -> None:
    row = _address(db, entry, text, slug)
    if row is not None and row.entry_id != entry.id:
        proposal = rules.free_slug(slug, lambda other: _taken(db, entry, text, other))
        raise Conflict(
            "text.slug_taken",
            f"The address “{slug}” {'led' if row.role == FORMER else 'leads'} to another text; “{proposal}” is free.",
            proposal=proposal,
            entry_id=row.entry_id,
        )
    if row is None:
        row = Address(tenant_id=db.tenant_id, language=text.language, kind=entry.kind, slug=slug, entry_id=entry.id)
        db.add(row)
    row.role = RETURNING if row.role == FORMER else RESERVED
    db.flush()


def take_up(db: Work, entry: Entry, text: Text) -> bool:
    """The slug that waited for publication becomes the one readers use; the one before leads on to it."""
    rows = [row for row in queries.addresses(db, [entry.id]) if row.language == text.language]
    waiting = next((row for row in rows if row.role in (RESERVED, RETURNING)), None)
    if waiting is None:
        return False
    for row in rows:
        if row.role == CURRENT:
            row.role = FORMER
    db.flush()
    waiting.role = CURRENT
    db.flush()
    return True


def _taken(db: Work, entry: Entry, text: Text, slug: str) -> bool:
    row = _address(db, entry, text, slug)
    return row is not None and row.entry_id != entry.id


def _address(db: Work, entry: Entry, text: Text, slug: str) -> Address | None:
    return db.scalar(
        select(Address).where(Address.language == text.language, Address.kind == entry.kind, Address.slug == slug)
    )
