"""What a translation that was received is based on here, so that it is exactly as current as it is there.

Where both texts say here what they say there, their states are the same. Where ours has changed, a translation that
followed it before an update was taken follows it after both were; in which of the two orders makes no difference. One
that was outdated here before stays outdated.
"""

from __future__ import annotations

from sqlalchemy import select

from cityinfo.features import content, tenants
from cityinfo.features.content import NO_VERSION, Text, Version
from cityinfo.features.onboarding import TextOrigin
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from .models import Received, TakenText


def base_for(db: Work, row: Received, text: Text | None, *, as_there: bool) -> int | None:
    """The version of our source text that these words are a translation of; None for what they were before.

    `as_there`: they are exactly the other city's.
    """
    source = source_of(db, row.language)
    written = content.text_of(db, row.entry_id or 0, source) if source else None
    if written is None:
        return None
    if not row.made_from or row.made_from != taken_digest(db, written.entry_id, written.language):
        return NO_VERSION if text is None else None
    current = content.version(db, text.current_version_id) if text else None
    if as_there and _says_what_is_said_there(db, written):
        return written.current_version_id
    if current is None:
        return NO_VERSION
    return written.current_version_id if _follows(db, current, written) else None


def note_growth(db: Work, taken: TakenText, before: Version | None, after: Version) -> None:
    """Remember from which of our versions to which one a text came by taking updates alone."""
    if before is None or taken.grew_to_id != before.id or taken.grew_from_id is None:
        taken.grew_from_id = before.id if before else after.id
    taken.grew_to_id = after.id
    db.flush()


def catch_up(db: Work, entry_id: int, source: str, *, actor: Actor) -> None:
    """Confirm translations that said already what our source text says now that it has taken the same update."""
    written, said = content.text_of(db, entry_id, source), taken_digest(db, entry_id, source)
    if written is None or written.current_version_id is None:
        return
    for language, row in tenants.tree(db).items():
        taken = db.get(TakenText, (db.tenant_id, entry_id, language)) if row.source == source else None
        text = content.text_of(db, entry_id, language) if taken is not None and taken.made_from == said else None
        current = content.version(db, text.current_version_id) if text else None
        if text is None or current is None or current.based_on_id == written.current_version_id:
            continue
        as_there = _says_what_is_said_there(db, text) and _says_what_is_said_there(db, written)
        if as_there or _follows(db, current, written):
            shown = written.current_version_id
            content.confirm_text(db, entry_id, language, shown=shown, revision=text.revision, actor=actor)


def taken_digest(db: Work, entry_id: int, language: str) -> str:
    """What the other city's text said, by its digest there, when it was last decided about here."""
    for table in (TakenText, TextOrigin):
        statement = select(table.source_digest).where(table.entry_id == entry_id, table.language == language)
        if (found := db.scalar(statement)) is not None:
            return found
    return ""


def source_of(db: Work, language: str) -> str | None:
    """What a language is translated from here."""
    row = tenants.tree(db).get(language)
    return row.source if row else None


def _follows(db: Work, translation: Version, source: Text) -> bool:
    """Whether it was made from what our source text says, or said before it took updates and nothing else."""
    shown = content.version(db, translation.based_on_id)
    newest = content.version(db, source.current_version_id)
    if shown is None or newest is None or shown.text_id != source.id:
        return False
    if shown.digest == newest.digest:
        return True
    taken = db.get(TakenText, (db.tenant_id, source.entry_id, source.language))
    first = content.version(db, taken.grew_from_id) if taken else None
    grown = taken is not None and taken.grew_to_id == newest.id and first is not None
    return grown and first is not None and (shown.number >= first.number or shown.digest == first.digest)


def _says_what_is_said_there(db: Work, text: Text) -> bool:
    """Whether our text is exactly the other city's, as it was last decided about."""
    newest = content.version(db, text.current_version_id)
    taken = db.get(TakenText, (db.tenant_id, text.entry_id, text.language))
    if newest is None:
        return False
    if taken is not None:
        return content.Wording(taken.title, taken.content).digest == newest.digest
    came = db.get(TextOrigin, (db.tenant_id, text.entry_id, text.language))
    first = content.version(db, came.version_id) if came else None
    return first is not None and first.digest == newest.digest
