"""Reading announcements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound

from .models import Announcement, AnnouncementDismissed, AnnouncementLetter


@dataclass(frozen=True, slots=True)
class Sums:
    """How many have put an announcement away, and how letters about it went."""

    dismissed: int = 0
    sent: int = 0
    failed: int = 0


def find(db: Work, announcement_id: int) -> Announcement:
    """The announcement; `NotFound` when there is none."""
    row = db.get(Announcement, announcement_id)
    if row is None:
        raise NotFound("announcement.unknown", "There is no such message.")
    return row


def shown(db: Work, account_id: int) -> Sequence[Announcement]:
    """What someone should see now and has not put away, the newest first. One statement, in work of any kind."""
    now, away = clock.now(), AnnouncementDismissed
    mine = and_(away.announcement_id == Announcement.id, away.account_id == account_id)
    statement = select(Announcement).outerjoin(away, mine).where(away.account_id.is_(None))
    current = (Announcement.starts_at <= now, Announcement.ends_at > now)
    return db.scalars(statement.where(*current).order_by(Announcement.starts_at.desc(), Announcement.id)).all()


def titled(db: Work, *, before: int | None = None, most: int = 50) -> Sequence[Announcement]:
    """All there ever were, the newest first; `before` is the last one seen."""
    statement = select(Announcement).order_by(Announcement.id.desc()).limit(most)
    return db.scalars(statement.where(Announcement.id < before) if before else statement).all()


def sums(db: Work, announcement_ids: Collection[int]) -> dict[int, Sums]:
    """What became of these. Two statements."""
    away, letter = AnnouncementDismissed, AnnouncementLetter
    counted = select(away.announcement_id, func.count()).where(away.announcement_id.in_(announcement_ids))
    dismissed = {row[0]: int(row[1]) for row in db.execute(counted.group_by(away.announcement_id))}
    sent, failed = (func.sum(case((one, 1), else_=0)) for one in (letter.sent_at.is_not(None), letter.failure != ""))
    letters = select(letter.announcement_id, sent, failed).where(letter.announcement_id.in_(announcement_ids))
    went = {one: (int(sent), int(failed)) for one, sent, failed in db.execute(letters.group_by(letter.announcement_id))}
    return {one: Sums(dismissed.get(one, 0), *went.get(one, (0, 0))) for one in announcement_ids}


def unwritten(db: Work) -> Sequence[int]:
    """What is shown now, should go out by letter, and was promised to nobody yet."""
    now = clock.now()
    due = (Announcement.by_mail.is_(True), Announcement.letters_at.is_(None), Announcement.starts_at <= now)
    return db.scalars(select(Announcement.id).where(*due, Announcement.ends_at > now)).all()
