"""Changes to files that need none of their bytes. What brings bytes in stands in `library`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from cityinfo.features import content, tenants
from cityinfo.features.content import TextDraft
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import SYSTEM, Actor, tell
from cityinfo.kernel.i18n import say

from . import queries, rules
from .facts import FileMoved, QuotaSet
from .jobs import FORGET, RENDITIONS
from .models import MediaFile, MediaQuota
from .queries import KIND
from .types import BY_MIME, Cleaned, Words

CENTRE = 0.5
FORMER_STAY = timedelta(days=7)  # as long as a phone may show what it has kept


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file whose bytes the store has."""

    key: str
    cleaned: Cleaned
    name: str
    folder: str = ""


def create(db: Work, kept: KeptFile, words: Mapping[str, Words], *, actor: Actor) -> MediaFile:
    """A new entry for bytes that are kept already, with its words in these languages, public at once."""
    entry = content.create_entry(db, KIND)
    file = MediaFile(id=entry.id, folder=kept.folder, focal_x=CENTRE, focal_y=CENTRE)
    _put(db, file, kept)
    content.tell_created(db, entry, file, actor=actor)
    ordered = [*(one for one in tenants.tree(db) if one in words), *sorted(words.keys() - tenants.tree(db).keys())]
    for language in ordered:
        describe(db, entry.id, language, words[language], revision=0, actor=actor)
    return file


def put_bytes(db: Work, media_id: int, kept: KeptFile, *, revision: int, actor: Actor) -> None:
    """Let the entry have other bytes, kept already. The former ones stay for those who still read what showed them."""
    file = queries.find(db, media_id)
    entry = content.find_entry(db, media_id, KIND)
    content.check_entry_revision(entry, revision)
    before = content.state(db, entry, file)
    if file.key != kept.key:
        jobs.enqueue(db, FORGET, run_after=clock.now() + FORMER_STAY, key=file.key, width=file.width or 0)
    _put(db, file, kept)
    after = content.state(db, entry, file)
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)


def describe(db: Work, media_id: int, language: str, words: Words, *, revision: int, actor: Actor) -> None:
    """Save what the file says in a language and publish it; `revision` is that of the text, 0 for the first."""
    queries.find(db, media_id)
    draft = TextDraft(title=words.title, content=words.transcript, revision=revision)
    content.save_text(db, media_id, language, draft, actor=actor)
    text = content.find_text(db, media_id, language)
    content.publish_text(db, media_id, language, revision=text.revision, actor=actor)


def rename(db: Work, media_id: int, name: str, *, revision: int, actor: Actor) -> None:
    """Call the file something else. Its address stays."""
    file = queries.find(db, media_id)
    name = rules.check_name(name)
    rules.check_ending(name, BY_MIME[file.type])
    entry = content.find_entry(db, media_id, KIND)
    content.check_entry_revision(entry, revision)
    before = content.state(db, entry, file)
    file.name, file.sought = name, rules.sought(name)
    after = content.state(db, entry, file)
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)


def set_focal_point(db: Work, media_id: int, x: float, y: float, *, revision: int, actor: Actor) -> None:
    """Say what must stay visible when the picture is cut: parts of its width and height, from left and from top."""
    rules.check_focal_point(x, y)
    file = queries.find(db, media_id)
    entry = content.find_entry(db, media_id, KIND)
    content.check_entry_revision(entry, revision)
    before = content.state(db, entry, file)
    file.focal_x, file.focal_y = x, y
    after = content.state(db, entry, file)
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)


def change(db: Work, media_id: int, part: Mapping[str, Any], *, revision: int, actor: Actor) -> None:
    """Say something else of a file: `name`, `folder` or `focal_point`; what is not named stays."""
    entry = content.find_entry(db, media_id, KIND)
    content.check_entry_revision(entry, revision)
    if "folder" in part:
        move(db, [media_id], part["folder"], actor=actor)
    if "name" in part:
        rename(db, media_id, part["name"], revision=entry.revision, actor=actor)
    if "focal_point" in part:
        set_focal_point(db, media_id, *part["focal_point"], revision=entry.revision, actor=actor)


def move(db: Work, media_ids: Collection[int], folder: str, *, actor: Actor) -> None:
    """Put files into a folder, which is there from then on."""
    folder = rules.check_folder(folder)
    for media_id in media_ids:
        _move(db, queries.find(db, media_id), folder, actor)


def rename_folder(db: Work, folder: str, to: str, *, actor: Actor) -> None:
    """Call a folder something else, or put it into another one, with all that lies in it and below."""
    folder, to = rules.check_folder(folder), rules.check_folder(to)
    if not folder or (to != folder and rules.inside(to, folder)):
        raise Invalid(
            "media.folder",
            say("The folder “{folder}” cannot be moved into itself; choose another place.", folder=folder),
        )
    found = [file for file in db.scalars(select(MediaFile)) if rules.inside(file.folder, folder)]
    if not found:
        raise Invalid("media.folder", say("There is no folder “{folder}”.", folder=folder))
    for file in found:
        _move(db, file, f"{to}{file.folder.removeprefix(folder)}".strip("/"), actor)


def archive(db: Work, media_id: int, *, revision: int, actor: Actor) -> None:
    """Take the file out of public sight; what shows it no longer does."""
    content.set_archived(db, content.find_entry(db, media_id, KIND), True, revision=revision, actor=actor)


def restore(db: Work, media_id: int, *, revision: int, actor: Actor) -> None:
    """Bring an archived file back as it was."""
    content.set_archived(db, content.find_entry(db, media_id, KIND), False, revision=revision, actor=actor)


def delete_for_good(db: Work, media_id: int, *, revision: int, actor: Actor) -> None:
    """Delete an archived file that nothing shows, and its bytes."""
    file = queries.find(db, media_id)
    key, width = file.key, file.width or 0
    content.delete_entry(db, content.find_entry(db, media_id, KIND), revision=revision, actor=actor)
    jobs.enqueue(db, FORGET, key=key, width=width)


def logo(db: Work, media_id: int) -> dict[str, Any]:
    """What a city's theme says of its logo; `Invalid` for a file that is no picture."""
    facts = queries.facts_of(queries.find(db, media_id))
    if not facts["type"].startswith("image/"):
        raise Invalid("theme.logo", "Choose a picture.")
    return {name: facts[name] for name in ("id", "url", "width", "height")}


def keep_logo(db: Work, archived: Sequence[content.EntryArchived]) -> None:
    """Subscriber: the picture that stands for the city is not put away."""
    files = {fact.entry_id for fact in archived if fact.kind == KIND}
    if files and (tenants.theme(db).logo or {}).get("id") in files:
        raise Invalid("media.logo", "This picture is the logo of the city; choose another one in the settings first.")


def follow_logo(db: Work, changed: Sequence[content.EntryChanged]) -> None:
    """Subscriber: when the logo has other bytes, the theme names these."""
    files = {fact.entry_id for fact in changed if fact.kind == KIND}
    theme = tenants.theme(db) if files else None
    if theme and theme.logo and theme.logo["id"] in files:
        tenants.set_theme(db, replace(theme, logo=logo(db, theme.logo["id"])), actor=SYSTEM)


def set_quota(db: Work, most: int | None, *, actor: Actor) -> None:
    """Let the city keep so many bytes; None for as many as all others."""
    known = db.get(MediaQuota, db.tenant_id)
    before = digest(known.bytes if known else None)
    if most is None and known is not None:
        db.delete(known)
    elif most is not None:
        known = known or MediaQuota(tenant_id=db.tenant_id)
        known.bytes = most
        db.add(known)
    db.flush()
    tell(db, QuotaSet(actor=actor, kind=KIND, entry_id=db.tenant_id, before=before, after=digest(most)))


def _put(db: Work, file: MediaFile, kept: KeptFile) -> None:
    size = kept.cleaned.size
    file.name, file.sought = kept.name, rules.sought(kept.name)
    file.key, file.type, file.size = kept.key, kept.cleaned.type.mime, len(kept.cleaned.data)
    file.width, file.height = (size.width, size.height) if size else (None, None)
    file.renditions = {}
    db.add(file)
    db.flush()
    if rules.rendition_keys(file.key, file.width):
        jobs.enqueue(db, RENDITIONS, media_id=file.id)


def _move(db: Work, file: MediaFile, folder: str, actor: Actor) -> None:
    if file.folder != folder:
        said = {"before": digest(file.folder), "after": digest(folder)}
        tell(db, FileMoved(actor=actor, kind=KIND, entry_id=file.id, **said))
        file.folder = folder
