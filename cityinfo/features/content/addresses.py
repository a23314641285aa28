"""The only door for slugs: who has which, who had it before, and what happens when two want the same."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from cityinfo.features import tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from . import queries, rules
from .models import CURRENT, FORMER, RESERVED, RETURNING, Address, Entry, Text

MARK = "~"  # no slug has one
Holders = dict[tuple[str, str], set[tuple[int, str]]]  # kind and slug → entry and language


def standing_in(slug: str, entry_id: int) -> str:
    """What an entry is read under in a language it is not written in, when its own slug is another entry's there."""
    return f"{slug}{MARK}{entry_id}"


def told_apart(slug: str) -> tuple[str, int | None]:
    """The slug and the entry that stands in under it, if that had to be said."""
    own, mark, number = slug.partition(MARK)
    return own, int(number) if mark and number.isdecimal() else None


def holders(db: Work, slugs: Collection[str], languages: Collection[str]) -> Holders:
    """Whose own public texts are read under these slugs: entry and language, by kind and slug."""
    found: Holders = {}
    for some in portions(slugs):
        rows = db.execute(
            select(Address.kind, Address.slug, Address.entry_id, Address.language)
            .join(Text, (Text.entry_id == Address.entry_id) & (Text.language == Address.language))
            .join(Entry, Entry.id == Address.entry_id)
            .where(
                Address.slug.in_(some),
                Address.role == CURRENT,
                Address.language.in_(languages),
                Text.public_version_id.is_not(None),
                Entry.archived_at.is_(None),
            )
        )
        for kind, slug, entry_id, language in rows:
            found.setdefault((kind, slug), set()).add((entry_id, language))
    return found


def alike(db: Work, entry_ids: Collection[int]) -> set[int]:
    """Entries of the same kind that are read, in whatever language, under a slug that one of these has or had."""
    own = queries.addresses(db, entry_ids)
    languages = tenants.active_languages(db)
    found: set[int] = set()
    for kind in {row.kind for row in own}:
        for slugs in portions({row.slug for row in own if row.kind == kind}):
            # All of the key is named: a join of addresses with addresses reads every pair of them.
            statement = select(Address.entry_id).where(
                Address.language.in_(languages),
                Address.kind == kind,
                Address.slug.in_(slugs),
                Address.role == CURRENT,
            )
            found.update(db.scalars(statement))
    return found - set(entry_ids)


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
        sentence = (
            say("The address “{slug}” led to another text; “{proposal}” is free.", slug=slug, proposal=proposal)
            if row.role == FORMER
            else say("The address “{slug}” leads to another text; “{proposal}” is free.", slug=slug, proposal=proposal)
        )
        raise Conflict(
            "text.slug_taken",
            sentence,
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


def keep_former(db: Work, entry_id: int, language: str, slugs: Collection[str]) -> None:
    """Let these slugs lead on to a text, unless they are in use: nobody may take them who comes later."""
    entry = queries.find_entry(db, entry_id)
    for slug in slugs:
        text = queries.find_text(db, entry.id, language)
        if _address(db, entry, text, rules.check_slug(slug)) is None:
            row = Address(tenant_id=db.tenant_id, language=language, kind=entry.kind, slug=slug, entry_id=entry.id)
            row.role = FORMER
            db.add(row)
            db.flush()


def _taken(db: Work, entry: Entry, text: Text, slug: str) -> bool:
    row = _address(db, entry, text, slug)
    return row is not None and row.entry_id != entry.id


def _address(db: Work, entry: Entry, text: Text, slug: str) -> Address | None:
    return db.scalar(
        select(Address).where(Address.language == text.language, Address.kind == entry.kind, Address.slug == slug)
    )
