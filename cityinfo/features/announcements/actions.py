"""Writing announcements, ending them, and putting them away for oneself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid, Outdated
from cityinfo.kernel.facts import Actor, tell

from . import queries, rules
from .facts import AnnouncementChanged
from .models import Announcement, AnnouncementDismissed, AnnouncementLetter

KIND = "announcement"  # as the platform's log names them
STUCK = timedelta(minutes=10)  # after which a letter that nobody finished is begun anew


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementDraft:
    """What is told and when. Without `starts_at` at once."""

    title_de: str
    title_en: str
    body_de: str
    body_en: str
    starts_at: datetime | None
    ends_at: datetime
    by_mail: bool = False


def write(db: Work, draft: AnnouncementDraft, *, actor: Actor) -> Announcement:
    """Tell everyone who works in cities something new."""
    now = clock.now()
    row = Announcement(id=db.new_id(), author=str(actor), created_at=now, revision=0, letters_at=None)
    row.starts_at = draft.starts_at or now
    return _put(db, row, draft, before="", actor=actor)


def change(db: Work, announcement_id: int, draft: AnnouncementDraft, *, revision: int, actor: Actor) -> Announcement:
    """Say it otherwise, or for longer or shorter. `Outdated` when someone else did so meanwhile.

    Letters that went out stay as they are; who has put it away does not see it again.
    """
    row = queries.find(db, announcement_id)
    if row.revision != revision:
        raise Outdated("announcement.revision", "Someone else changed this meanwhile.")
    if row.letters_at is not None and not draft.by_mail:
        raise Invalid("announcement.by_mail", "Letters are on their way already and cannot be called back.")
    before = digest(row)
    if row.starts_at > clock.now():
        row.starts_at = draft.starts_at or clock.now()
    return _put(db, row, draft, before=before, actor=actor)


def withdraw(db: Work, announcement_id: int, *, actor: Actor) -> None:
    """Show it to nobody from now on. Letters that were not sent yet stay unsent."""
    row, now = queries.find(db, announcement_id), clock.now()
    if row.ends_at <= now:
        raise Invalid("announcement.over", "This is over already.")
    before = digest(row)
    row.starts_at, row.ends_at = min(row.starts_at, now), now
    row.revision += 1
    _tell(db, row, before, actor, note="withdrawn")


def dismiss(db: Work, announcement_id: int, account_id: int) -> None:
    """Put it away for one person. Their own affair: no log keeps it."""
    known = db.get(AnnouncementDismissed, (announcement_id, account_id))
    if known is None and db.get(Announcement, announcement_id) is not None:
        db.add(AnnouncementDismissed(announcement_id=announcement_id, account_id=account_id))


def claim_letter(db: Work, announcement_id: int, account_id: int) -> bool:
    """Take it upon oneself to send someone the letter; False when another one has, or it was sent."""
    now, row = clock.now(), db.get(AnnouncementLetter, (announcement_id, account_id), with_for_update=True)
    if row is not None and (row.sent_at or row.failure or row.tried_at > now - STUCK):
        return False
    row = row or AnnouncementLetter(announcement_id=announcement_id, account_id=account_id, failure="")
    row.tried_at = now
    db.add(row)
    return True


def note_letter(db: Work, announcement_id: int, account_id: int, *, failure: str = "") -> None:
    """Note that the letter went out, or why it never will."""
    row = db.get_one(AnnouncementLetter, (announcement_id, account_id))
    row.sent_at, row.failure = (None if failure else clock.now()), failure


def give_back_letter(db: Work, announcement_id: int, account_id: int) -> None:
    """Let the letter be sent later."""
    db.delete(db.get_one(AnnouncementLetter, (announcement_id, account_id)))


def note_promised(db: Work, announcement_id: int) -> None:
    """Note that every city has a job that sends letters to those who work there."""
    queries.find(db, announcement_id).letters_at = clock.now()


def _put(db: Work, row: Announcement, draft: AnnouncementDraft, *, before: str, actor: Actor) -> Announcement:
    rules.check_times(row.starts_at, draft.ends_at, clock.now())
    row.title_de, row.body_de = rules.checked_words(draft.title_de, draft.body_de, "de")
    row.title_en, row.body_en = rules.checked_words(draft.title_en, draft.body_en, "en")
    row.ends_at, row.by_mail = draft.ends_at, draft.by_mail
    row.revision += 1
    _tell(db, row, before, actor)
    return row


def _tell(db: Work, row: Announcement, before: str, actor: Actor, *, note: str = "") -> None:
    db.add(row)
    db.flush()
    said = {"before": before, "after": digest(row), "note": note}
    tell(db, AnnouncementChanged(actor=actor, kind=KIND, entry_id=row.id, **said))
