"""What readers may call an entry, beside its words: for searching, never shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid, NotFound
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from . import actions, facts, queries
from .models import Keywords

MOST_KEYWORDS = 50
LONGEST_KEYWORD = 100  # characters

Key = tuple[int, str]  # entry and language


def set_keywords(
    db: Work, entry_id: int, language: str, lines: Sequence[str], *, revision: int, actor: Actor
) -> list[str]:
    """Say what else an entry may be called in a language; returns the lines as they are kept, none when all are empty.

    `Conflict` when someone changed the entry since this revision.
    """
    entry = queries.find_entry(db, entry_id)
    actions.check_entry_revision(entry, revision)
    if queries.text_of(db, entry.id, language) is None:
        raise NotFound("text.unknown", "There is no text in this language yet; write it first.")
    cleaned = _cleaned(lines)
    before = keywords_of(db, [entry.id]).get((entry.id, language), [])
    if cleaned == before:
        return cleaned
    row = db.merge(Keywords(tenant_id=db.tenant_id, entry_id=entry.id, language=language, lines=cleaned))
    if not cleaned:
        db.delete(row)
    actions.touch(db, entry)
    told = facts.KeywordsChanged(
        actor=actor,
        kind=entry.kind,
        entry_id=entry.id,
        language=language,
        before=digest(before),
        after=digest(cleaned),
        widely=False,
    )
    tell(db, told)
    return cleaned


def keywords_of(db: Work, entry_ids: Collection[int]) -> dict[Key, list[str]]:
    """The lines of these entries, by entry and language."""
    found: dict[Key, list[str]] = {}
    for ids in portions(entry_ids):
        rows = db.scalars(select(Keywords).where(Keywords.entry_id.in_(ids)))
        found.update({(row.entry_id, row.language): row.lines for row in rows})
    return found


def _cleaned(lines: Sequence[str]) -> list[str]:
    cleaned = [one for one in dict.fromkeys(" ".join(line.split()) for line in lines) if one]
    if len(cleaned) > MOST_KEYWORDS or any(len(one) > LONGEST_KEYWORD for one in cleaned):
        sentence = say(
            "Write at most {most} lines of at most {most2} characters.", most=MOST_KEYWORDS, most2=LONGEST_KEYWORD
        )
        raise Invalid("keywords.many", sentence)
    return cleaned
