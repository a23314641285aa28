"""A second pair of eyes before publishing, saying that a translation is still correct, and going back in time."""

from __future__ import annotations

from cityinfo.features import tenants
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid, NotFound
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import facts, queries, references, rules, waiting
from .actions import NO_VERSION, TextDraft, about, ask_for_review, review_digest, save_text, text_at
from .models import REQUESTED, RETURNED, Autosave, Entry, Text, Version


def submit_text(
    db: Work, entry_id: int, language: str, *, message: str = "", assignee: str = "", revision: int, actor: Actor
) -> Text:
    """Ask for a look at what was saved since the text was last published. Publishing it approves."""
    entry, text = text_at(db, entry_id, language, revision)
    if text.current_version_id == text.public_version_id:
        raise Invalid("text.nothing_new", "There is nothing to review: readers see the newest version already.")
    message, assignee = rules.check_message(message), rules.check_message(assignee)
    return ask_for_review(db, entry, text, message=message, assignee=assignee, actor=actor)


def return_text(db: Work, entry_id: int, language: str, *, reason: str, revision: int, actor: Actor) -> Text:
    """Give a text that waits for review back to its author, saying why."""
    entry, text = text_at(db, entry_id, language, revision)
    if text.review_state != REQUESTED:
        raise Invalid("text.not_submitted", "Nobody has submitted this text for review.")
    reason = rules.check_message(reason)
    if not reason:
        raise Invalid("text.reason", "Say what the author should change.")
    before = review_digest(text)
    text.review_state, text.review_message = RETURNED, reason
    text.returned_by, text.review_at = str(actor), clock.now()
    text.revision += 1
    db.flush()
    tell(db, facts.TextReturned(**about(entry, text, actor), before=before, after=review_digest(text)))
    return text


def restore_version(
    db: Work, entry_id: int, language: str, version_id: int, *, minor: bool = False, revision: int, actor: Actor
) -> Version:
    """Let a text say again what an earlier version said: as a new version, based on what that one was based on."""
    _, text = text_at(db, entry_id, language, revision)
    earlier = queries.version(db, version_id)
    if earlier is None or earlier.text_id != text.id:
        raise NotFound(
            "version.unknown", say("Version {version_id} is no version of this text.", version_id=version_id)
        )
    draft = TextDraft(
        title=earlier.title,
        content=earlier.content,
        revision=revision,
        based_on=_still_based_on(db, entry_id, language, earlier),
        minor=minor,
        origin=earlier.origin,
    )
    return save_text(db, entry_id, language, draft, actor=actor)


def confirm_text(db: Work, entry_id: int, language: str, *, shown: int, revision: int, actor: Actor) -> Version:
    """Say that a translation still says what source version `shown` says. The words and their date stay as they are.

    What readers see is the same as before, so it takes the right to translate and not that to publish.
    """
    entry, text = text_at(db, entry_id, language, revision)
    current = queries.version(db, text.current_version_id)
    if current is None:
        raise Invalid("text.empty", "There is nothing to confirm yet: save a text first.")
    was_public = text.public_version_id == current.id
    draft = TextDraft(
        title=current.title,
        content=current.content,
        revision=revision,
        based_on=shown,
        minor=True,
        origin=current.origin,
        changed_at=current.changed_at,
    )
    version = save_text(db, entry.id, language, draft, actor=actor)
    if was_public and version is not current:
        _confirm_public(db, entry, text, current, version, actor=actor)
    return version


def hand_over(db: Work, leaving: str, to: Actor | None, *, actor: Actor) -> None:
    """Let wait for a colleague what waits for someone who leaves, as far as the colleague may do it.

    What nobody is named for then waits for anyone. Words that were never saved go to the colleague too, unless they
    have begun there themselves. Who wrote a version stays as it is.
    """
    for held in waiting.held_by(db, leaving):
        if held.reason != waiting.KEPT:
            entry, text = queries.find_entry(db, held.entry_id), queries.find_text(db, held.entry_id, held.language)
            _hand_over_text(db, entry, text, to, actor=actor)
    for kind, kept in waiting.unsaved_by(db, leaving):
        may_write = to is not None and to.may("write", kind, entry_id=kept.entry_id, language=kept.language)
        if to is not None and may_write and queries.autosave_of(db, kept.entry_id, kept.language, to) is None:
            same = ("entry_id", "language", "title", "content", "revision", "version_id", "saved_at")
            db.add(Autosave(author=str(to), **{name: getattr(kept, name) for name in same}))
            db.delete(kept)
    db.flush()


def _hand_over_text(db: Work, entry: Entry, text: Text, to: Actor | None, *, actor: Actor) -> None:
    before = _holders(text)
    if text.review_state == REQUESTED:
        may_look = to is not None and str(to) != text.submitted_by and _may(to, "publish", entry, text)
        text.assignee = str(to) if may_look else ""
    elif to is not None and _may(to, "write", entry, text):
        text.submitted_by = str(to)
    db.flush()
    if _holders(text) != before:
        tell(db, facts.TextHandedOver(**about(entry, text, actor), before=before, after=_holders(text)))


def _may(person: Actor, verb: str, entry: Entry, text: Text) -> bool:
    return person.may(verb, entry.kind, entry_id=entry.id, language=text.language)


def _holders(text: Text) -> str:
    return digest(text.id, text.assignee, text.submitted_by)


def _confirm_public(db: Work, entry: Entry, text: Text, before: Version, after: Version, *, actor: Actor) -> None:
    """Let readers' version be the confirmed one. A slug that waits for publication goes on waiting."""
    if actor.reviewed:
        ask_for_review(db, entry, text, actor=actor)
        return
    text.public_version_id = after.id
    text.revision += 1
    db.flush()
    references.keep(db, text)
    said = {**about(entry, text, actor), "before": before.digest, "after": after.digest, "widely": False}
    tell(db, facts.TextConfirmed(**said))


def _still_based_on(db: Work, entry_id: int, language: str, earlier: Version) -> int:
    """What its translator was shown, if that is a version of the language that is the source now."""
    source = tenants.tree(db)[language].source
    text = queries.text_of(db, entry_id, source) if source else None
    shown = queries.version(db, earlier.based_on_id)
    known = text is not None and shown is not None and shown.text_id == text.id
    return shown.id if shown is not None and known else NO_VERSION
