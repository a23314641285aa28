"""Changes to translations. Words are saved and published by the actions of their kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete

from cityinfo.features import content
from cityinfo.features.content import HUMAN, NO_VERSION, TextDraft, Version
from cityinfo.kernel import html
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from .models import SaidPassage
from .passages import Frame, Passage, joined, title_passage

SaveText = Callable[..., Version]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The words for a passage of the source, which is named by its digest; the first one of a text is its title.

    `settled` when the translator has nothing left to do about it.
    """

    source: str
    words: str
    frame: Frame | None = None
    settled: bool = False


def composed(renderings: Sequence[Rendering]) -> tuple[str, str]:
    """The title and the content that they make."""
    title, *passages = renderings
    return title.words, joined(Passage(one.words, one.frame) for one in passages)


def save_translation(
    db: Work,
    entry_id: int,
    language: str,
    renderings: Sequence[Rendering],
    *,
    shown: int,
    revision: int,
    save: SaveText = content.save_text,
    actor: Actor,
) -> Version:
    """Keep a translation passage by passage, made from the version `shown` of its source.

    It says the same as that version once everything is settled; until then it stays based on what it was based on, and
    what is settled is remembered. `save` is the action that saves texts of its kind. Raises as that one does.
    """
    text = content.text_of(db, entry_id, language)
    current = content.version(db, text.current_version_id) if text else None
    title, words = composed(renderings)
    draft = TextDraft(title=title, content=words, revision=revision)
    if all(one.settled for one in renderings):
        draft = _unchanged_since(current, replace(draft, based_on=shown, origin=HUMAN))
    elif current is None:
        draft = replace(draft, based_on=NO_VERSION)
    else:
        draft = replace(draft, origin=current.origin)
    version = save(db, entry_id, language, draft, actor=actor)
    _remember(db, version.text_id, renderings)
    return version


def _unchanged_since(current: Version | None, draft: TextDraft) -> TextDraft:
    """With the date of the words where they stay as they are; what is translated from them stays up to date too."""
    if current is None or current.digest != html.digest(draft.title, html.sanitise(draft.content)):
        return draft
    return replace(draft, minor=True, changed_at=current.changed_at)


def _remember(db: Work, text_id: int, renderings: Sequence[Rendering]) -> None:
    db.execute(delete(SaidPassage).where(SaidPassage.text_id == text_id))
    for number, one in enumerate(renderings):
        passage = Passage(html.sanitise(one.words)) if number else title_passage(one.words)
        target = "" if passage.is_silent and not passage.words.strip() else passage.digest
        if one.source or target:
            db.add(SaidPassage(text_id=text_id, number=number, source=one.source, target=target, settled=one.settled))
    db.flush()
