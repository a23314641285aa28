"""Words that were received, written here through the doors of every save."""

from __future__ import annotations

from cityinfo.features import content, onboarding, pages
from cityinfo.features.content import HUMAN, IMPORTED, MACHINE, TextDraft, Wording
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from . import freshness, weighing
from .models import Decision, Received
from .rules import TREE


def write(
    db: Work, row: Received, wanted: Wording, *, theirs: Wording, decision: Decision, publish: bool, actor: Actor
) -> None:
    """Save what was decided, and show it to readers unless there is a draft of ours, which they are not to see."""
    entry_id, language = row.entry_id or 0, row.language
    text = content.text_of(db, entry_id, language)
    before = content.version(db, text.current_version_id) if text else None
    came_along = before is not None and before.author == onboarding.AUTHOR
    no_draft_of_ours = text is None or came_along or text.public_version_id == text.current_version_id
    draft = TextDraft(
        title=wanted.title,
        content=wanted.content,
        revision=text.revision if text else 0,
        slug=None if text else _free(db, row),
        based_on=freshness.base_for(db, row, text, as_there=wanted.digest == theirs.digest),
        minor=row.minor,
        origin=_origin(row, wanted, theirs),
    )
    save = pages.save_text if row.kind == TREE else content.save_text
    after = save(db, entry_id, language, draft, actor=actor)
    decision.version_before_id, decision.version_after_id = before.id if before else None, after.id
    if publish and no_draft_of_ours:
        revision = content.find_text(db, entry_id, language).revision
        shown = content.publish_text(db, entry_id, language, revision=revision, actor=actor)
        decision.published = shown.public_version_id == after.id
    taken = weighing.note_taken(db, row, theirs)
    freshness.note_growth(db, taken, before, after)
    freshness.catch_up(db, entry_id, language, actor=actor)


def _free(db: Work, row: Received) -> str | None:
    """The other city's address, if it leads nowhere here; otherwise one is made from the title."""
    return row.slug if row.slug and content.is_free(db, row.kind, row.language, row.slug) else None


def _origin(row: Received, wanted: Wording, theirs: Wording) -> str:
    if wanted.digest != theirs.digest:
        return HUMAN
    return MACHINE if row.machine_made else IMPORTED
