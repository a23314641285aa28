"""Replacing words text by text, and taking it back. Each text is a unit of work of its own, and so is its right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cityinfo.features import content
from cityinfo.features.content import Text, TextDraft, Version
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, NotFound
from cityinfo.kernel.facts import Actor

from . import queries
from .models import Replaced, Replacement
from .rules import Wanted

SaveText = Callable[..., Version]  # as `content.save_text`; a kind may have its own


def begin(db: Work, wanted: Wanted, *, actor: Actor) -> Replacement:
    """What is about to be replaced, so that all of it can be taken back together."""
    wanted.checked_change()
    row = Replacement(
        id=db.new_id(), words=wanted.words, instead=wanted.instead, author=str(actor), made_at=clock.now()
    )
    db.add(row)
    db.flush()
    return row


@dataclass(frozen=True, slots=True)
class Chosen:
    """A text as it was looked at. `minor` says that its translations stay up to date."""

    text_id: int
    revision: int
    minor: bool = False


def replace(db: Work, replacement_id: int, chosen: Chosen, wanted: Wanted, *, save: SaveText, actor: Actor) -> bool:
    """Change one text; returns whether readers see it. What was public as it is becomes so again where one may.

    Raises `Outdated` when someone saved the text meanwhile.
    """
    text = content.text_by_id(db, chosen.text_id)
    before = content.version(db, text.current_version_id)
    if before is None:
        raise NotFound("text.unknown", "There is no such text.")
    was_public = text.public_version_id == before.id
    draft = TextDraft(
        title=wanted.in_title(before.title),
        content=wanted.in_content(before.content),
        revision=chosen.revision,
        minor=chosen.minor,
        origin=before.origin,
    )
    after = save(db, text.entry_id, text.language, draft, actor=actor)
    if after.id == before.id:
        return was_public
    db.add(Replaced(replacement_id=replacement_id, text_id=text.id, before_id=before.id, after_id=after.id))
    db.flush()
    return was_public and _publish(db, text, actor)


def take_back(db: Work, replacement_id: int, text_id: int, *, actor: Actor) -> bool:
    """Let one text say again what it said; returns whether readers see it.

    Raises `Conflict` when someone has changed the text since: their words stay.
    """
    row, text = queries.find_replaced(db, replacement_id, text_id), content.text_by_id(db, text_id)
    after = content.version(db, row.after_id)
    if after is None or text.current_version_id != after.id:
        raise Conflict("replacement.changed", "Someone has changed this text since; look at its versions.")
    was_public = text.public_version_id == after.id
    revision = text.revision
    content.restore_version(
        db, text.entry_id, text.language, row.before_id, minor=after.minor, revision=revision, actor=actor
    )
    return was_public and _publish(db, text, actor)


def note_undone(db: Work, replacement_id: int) -> None:
    """Note that all of it was taken back, as far as it could be."""
    queries.find(db, replacement_id).undone_at = clock.now()
    db.flush()


def _publish(db: Work, text: Text, actor: Actor) -> bool:
    kind = content.find_entry(db, text.entry_id).kind
    if not actor.may("publish", kind, entry_id=text.entry_id, language=text.language):
        return False
    content.publish_text(db, text.entry_id, text.language, revision=text.revision, actor=actor)
    return text.public_version_id == text.current_version_id
