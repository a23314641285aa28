"""Changes to entries and their texts. Content types build their own actions on these."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from cityinfo.features import tenants
from cityinfo.kernel import clock, html
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid, NotFound, Outdated
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import addresses, facts, queries, references, rules
from .models import HUMAN, MACHINE, REQUESTED, Autosave, Entry, Text, Version

NO_VERSION = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDraft:
    """What someone wants a text to say.

    `revision` is that of the text the writing started from, 0 when there was none. `based_on` is the version of the
    source language the writer was shown: None keeps what the text was based on, for a first version it means the
    source's public version of now; `NO_VERSION` says that none of those we have was shown, so the text is outdated.
    `slug` None keeps the address, or makes one from the title. Words that come from elsewhere say whose they are and
    when they were saved there; others are of whoever saves them now.
    """

    title: str
    content: str
    revision: int = 0
    slug: str | None = None
    based_on: int | None = None
    minor: bool = False
    origin: str = HUMAN
    changed_at: datetime | None = None
    v3_id: int | None = None
    author: str = ""
    saved_at: datetime | None = None


def create_entry(db: Work, kind: str, *, v3_id: int | None = None) -> Entry:
    """A new entry, without words yet. Whoever adds what its type keeps of it says `tell_created` then."""
    entry = Entry(tenant_id=db.tenant_id, id=db.new_id(), kind=kind, revision=1, created_at=clock.now(), v3_id=v3_id)
    db.add(entry)
    db.flush()
    return entry


def set_name(db: Work, entry_id: int, name: str) -> None:
    """Remember what archives call an entry. Nobody is told: neither readers nor editors ever see it."""
    entry = queries.find_entry(db, entry_id)
    if entry.name != name:
        entry.name = name
        db.flush()


def tell_created(db: Work, entry: Entry, *parts: object, actor: Actor) -> None:
    """Say that there is a new entry; `parts` as for `queries.state`."""
    after = queries.state(db, entry, *parts)
    tell(db, facts.EntryCreated(actor=actor, kind=entry.kind, entry_id=entry.id, after=after))


def save_text(db: Work, entry_id: int, language: str, draft: TextDraft, *, actor: Actor) -> Version:
    """Keep a new version of the text. Readers see it once it is published.

    Raises `Outdated` with the version saved in between; the face then keeps the rejected words with `autosave`.
    Saving what the text says already makes no version.
    """
    entry = queries.find_entry(db, entry_id)
    _check_language(db, language)
    text = queries.text_of(db, entry.id, language)
    current = queries.version(db, text.current_version_id) if text else None
    _check_revision(draft, text, current)
    draft = _cleaned(draft)
    based_on = _based_on(db, entry.id, language, draft, current)
    if text is not None and current is not None and _says_the_same(db, text, current, draft, based_on):
        return current
    references.check(db, draft.content)
    text = text or _new_text(db, entry, language, draft)
    version = _new_version(db, text, current, draft, based_on, actor)
    addresses.claim(db, entry, text, slug=draft.slug, title=draft.title)
    tell(
        db,
        facts.TextSaved(**about(entry, text, actor), before=current.digest if current else "", after=version.digest),
    )
    return version


def publish_text(db: Work, entry_id: int, language: str, *, revision: int, actor: Actor) -> Text:
    """Show the current version to readers; an actor whose work is reviewed asks for the review instead."""
    entry, text = text_at(db, entry_id, language, revision)
    before = queries.version(db, text.public_version_id)
    after = queries.version(db, text.current_version_id)
    if after is None:
        raise Invalid("text.empty", "There is nothing to publish yet: save a text first.")
    if actor.reviewed:
        return text if before is after else ask_for_review(db, entry, text, actor=actor)
    renamed = addresses.take_up(db, entry, text)
    if before is after and not renamed:
        return text
    text.public_version_id = after.id
    text.revision += 1
    text.publish_at, text.review_state, text.review_message = None, "", ""
    db.flush()
    references.keep(db, text)
    fact = facts.TextPublished(
        **about(entry, text, actor),
        before=before.digest if before else "",
        after=after.digest,
        widely=before is None,
    )
    tell(db, fact)
    return text


def ask_for_review(db: Work, entry: Entry, text: Text, *, message: str = "", assignee: str = "", actor: Actor) -> Text:
    """Put what a text says now before those who publish."""
    before = review_digest(text)
    text.review_state, text.review_message, text.assignee = REQUESTED, message, assignee
    text.submitted_by, text.returned_by, text.review_at = str(actor), None, clock.now()
    text.revision += 1
    db.flush()
    tell(db, facts.TextSubmitted(**about(entry, text, actor), before=before, after=review_digest(text)))
    return text


def review_digest(text: Text) -> str:
    """Where a text stands between its author and those who publish."""
    return digest(text.id, text.current_version_id, text.review_state, text.review_message, text.assignee)


def take_offline(db: Work, entry_id: int, languages: Collection[str], *, actor: Actor) -> list[str]:
    """Take the texts in exactly these languages out of public sight; returns those that were public."""
    entry = queries.find_entry(db, entry_id)
    taken = []
    for language in languages:
        text = queries.find_text(db, entry.id, language)
        public = queries.version(db, text.public_version_id)
        if public is None:
            continue
        text.public_version_id, text.offline_at = None, None
        text.revision += 1
        db.flush()
        references.keep(db, text)
        tell(db, facts.TextTakenOffline(**about(entry, text, actor), before=public.digest))
        taken.append(language)
    return taken


def schedule_text(
    db: Work,
    entry_id: int,
    language: str,
    *,
    publish_at: datetime | None = None,
    offline_at: datetime | None = None,
    revision: int,
    actor: Actor,
) -> Text:
    """Set the moments at which the text is published and taken offline by itself; None clears one."""
    entry, text = text_at(db, entry_id, language, revision)
    if publish_at and offline_at and offline_at <= publish_at:
        raise Invalid("text.schedule", "The text would go offline before it is published; choose a later end.")
    before = digest(text.publish_at, text.offline_at)
    text.publish_at, text.offline_at = publish_at, offline_at
    text.revision += 1
    db.flush()
    after = digest(publish_at, offline_at)
    tell(db, facts.TextScheduled(**about(entry, text, actor), before=before, after=after, widely=False))
    return text


def pass_time(db: Work, entry_id: int, moment: datetime, actor: Actor) -> None:
    """Do what the schedules of an entry's texts say has come by this moment."""
    for text in db.scalars(select(Text).where(Text.entry_id == entry_id)).all():
        if text.publish_at and text.publish_at <= moment:
            publish_text(db, entry_id, text.language, revision=text.revision, actor=actor)
            text.publish_at = None
        if text.offline_at and text.offline_at <= moment:
            take_offline(db, entry_id, [text.language], actor=actor)
            text.offline_at = None


def autosave(
    db: Work, entry_id: int, language: str, draft: TextDraft, *, written_from: int | None = None, actor: Actor
) -> None:
    """Keep words that are not a version: typed but not saved, or rejected by a conflict. One per text and author.

    `written_from` is the version that stood on the screen when the writing began.
    """
    entry = queries.find_entry(db, entry_id)
    key = {"tenant_id": db.tenant_id, "entry_id": entry.id, "language": language, "author": str(actor)}
    kept = db.get(Autosave, key) or Autosave(**key)
    kept.title, kept.content = draft.title, html.sanitise(rules.check_content(draft.content))
    kept.revision, kept.version_id, kept.saved_at = draft.revision, written_from, clock.now()
    db.add(kept)


def forget_autosave(db: Work, entry_id: int, language: str, *, actor: Actor) -> None:
    """Let go of someone's own words for a text: they were saved, or are not wanted any more."""
    kept = queries.autosave_of(db, entry_id, language, actor)
    if kept is not None:
        db.delete(kept)


def set_archived(db: Work, entry: Entry, archived: bool, *, revision: int, actor: Actor) -> None:
    """Take the entry out of public sight, or bring it back as it was."""
    check_entry_revision(entry, revision)
    if archived == (entry.archived_at is not None):
        return
    before = queries.state(db, entry)
    entry.archived_at = clock.now() if archived else None
    touch(db, entry)
    fact = facts.EntryArchived if archived else facts.EntryRestored
    tell(db, fact(actor=actor, kind=entry.kind, entry_id=entry.id, before=before, after=queries.state(db, entry)))


def change_entry(db: Work, entry: Entry, *, revision: int, before: str, after: str, actor: Actor) -> None:
    """Count a change of what stands beside the words, after the type has made it.

    `before` and `after` are digests of it, such as `queries.state` makes; when they are alike, nothing has changed.
    """
    check_entry_revision(entry, revision)
    if before == after:
        return
    entry.changed_at = clock.now()
    touch(db, entry)
    tell(db, facts.EntryChanged(actor=actor, kind=entry.kind, entry_id=entry.id, before=before, after=after))


def delete_entry(db: Work, entry: Entry, *, revision: int, actor: Actor) -> None:
    """Delete for good what was archived before and nothing links to. Followers of the feed are told."""
    check_entry_revision(entry, revision)
    if entry.archived_at is None:
        raise Invalid("entry.not_archived", "Archive it first: only what is archived can be deleted.")
    referring = queries.referring(db, entry.id)
    if referring:
        raise Invalid(
            "entry.in_use",
            say("{number} other entries lead here or show this; change these first.", number=len(referring)),
            entries=list(referring),
        )
    gone = facts.EntryDeleted(actor=actor, kind=entry.kind, entry_id=entry.id, before=queries.state(db, entry))
    db.execute(delete(Entry).where(Entry.id == entry.id))
    db.expire_all()
    tell(db, gone)


def check_entry_revision(entry: Entry, revision: int) -> None:
    """`Outdated` when someone changed the entry since this revision."""
    if entry.revision != revision:
        raise Outdated(
            "entry.conflict", "Someone else changed this in between; look at it again.", revision=entry.revision
        )


def touch(db: Work, entry: Entry) -> None:
    """Count a change of the entry."""
    entry.revision += 1
    db.flush()


def text_at(db: Work, entry_id: int, language: str, revision: int) -> tuple[Entry, Text]:
    """A text with its entry; `Outdated` when someone changed it since this revision."""
    entry = queries.find_entry(db, entry_id)
    text = queries.find_text(db, entry.id, language)
    if text.revision != revision:
        raise Outdated(
            "text.conflict", "Someone else saved this text in between; compare both.", revision=text.revision
        )
    return entry, text


def about(entry: Entry, text: Text, actor: Actor) -> dict[str, Any]:
    """What every fact about a text says."""
    return {"actor": actor, "kind": entry.kind, "entry_id": entry.id, "language": text.language}


def _check_language(db: Work, language: str) -> None:
    if language not in tenants.tree(db):
        raise NotFound("language.unknown", say("This city does not write in “{language}”.", language=language))


def _check_revision(draft: TextDraft, text: Text | None, current: Version | None) -> None:
    if draft.revision == (text.revision if text else 0):
        return
    raise Outdated(
        "text.conflict",
        "Someone else saved this text in between; compare both.",
        revision=text.revision if text else 0,
        title=current.title if current else "",
        content=current.content if current else "",
    )


def _cleaned(draft: TextDraft) -> TextDraft:
    return replace(
        draft,
        title=rules.check_title(draft.title),
        content=html.sanitise(rules.check_content(draft.content)),
        slug=None if draft.slug is None else rules.check_slug(draft.slug),
    )


def _based_on(db: Work, entry_id: int, language: str, draft: TextDraft, current: Version | None) -> int | None:
    source = tenants.tree(db)[language].source
    text = queries.text_of(db, entry_id, source) if source else None
    if text is None:
        return None
    if draft.based_on is None:
        return current.based_on_id if current else text.public_version_id
    if draft.based_on == NO_VERSION:
        return None
    shown = queries.version(db, draft.based_on)
    if shown is None or shown.text_id != text.id:
        raise Invalid(
            "text.based_on",
            say(
                "Version {based_on} is no version of this entry's text in {source}.",
                based_on=draft.based_on,
                source=source,
            ),
        )
    return shown.id


def _says_the_same(db: Work, text: Text, current: Version, draft: TextDraft, based_on: int | None) -> bool:
    same_slug = draft.slug is None or draft.slug == queries.slug_of(db, text.entry_id, text.language)
    return (
        (current.title, current.content, current.based_on_id) == (draft.title, draft.content, based_on)
        and same_slug
        and (current.origin != MACHINE or draft.origin == MACHINE)  # a person who says the same has checked it
        and draft.changed_at in (None, current.changed_at)
        and draft.v3_id in (None, text.v3_id)
    )


def _new_text(db: Work, entry: Entry, language: str, draft: TextDraft) -> Text:
    text = Text(
        tenant_id=db.tenant_id,
        id=db.new_id(),
        entry_id=entry.id,
        language=language,
        revision=0,
        v3_id=draft.v3_id,
        review_state="",
        review_message="",
        assignee="",
    )
    db.add(text)
    db.flush()
    return text


def _new_version(
    db: Work, text: Text, current: Version | None, draft: TextDraft, based_on: int | None, actor: Actor
) -> Version:
    now = clock.now()
    version = Version(
        tenant_id=db.tenant_id,
        id=db.new_id(),
        text_id=text.id,
        number=current.number + 1 if current else 1,
        title=draft.title,
        content=draft.content,
        digest=html.digest(draft.title, draft.content),
        based_on_id=based_on,
        minor=draft.minor and current is not None,
        origin=draft.origin,
        author=draft.author or str(actor),
        created_at=draft.saved_at or now,
        changed_at=draft.changed_at or now,
    )
    db.add(version)
    db.flush()
    text.current_version_id = version.id
    text.v3_id = draft.v3_id or text.v3_id
    text.revision += 1
    db.flush()
    references.keep(db, text)
    return version
