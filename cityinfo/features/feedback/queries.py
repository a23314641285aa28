"""Reading feedback."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from cityinfo.features import content, imprint, offers
from cityinfo.kernel import cells
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say

from . import rules
from .models import Feedback

KIND = "feedback"
_NO_SUBJECT = {
    "page": say("There is no page under “{slug}”."),
    "event": say("There is no event under “{slug}”."),
    "location": say("There is no location under “{slug}”."),
    "offer": say("There is no offer under “{slug}”."),
    "news": say("There is no message under “{slug}”."),
}
COLUMNS = (
    "created_at language topic subject rating comment query technical spam_score reply read_by forwarded_to".split()
)


def find(db: Work, feedback_id: int) -> Feedback:
    """The feedback; `NotFound` when there is none."""
    row = db.get(Feedback, (db.tenant_id, feedback_id))
    if row is None:
        raise NotFound("feedback.unknown", say("There is no feedback {feedback_id}.", feedback_id=feedback_id))
    return row


def by_ticket(db: Work, ticket: str) -> Feedback:
    """What the reader with this ticket sent; `NotFound` when it is wrong or was deleted."""
    row = db.scalar(select(Feedback).where(Feedback.ticket == rules.digest_of_ticket(ticket)))
    if row is None:
        raise NotFound("feedback.ticket", "There is no feedback with this ticket; it may have been deleted.")
    return row


def listed(
    db: Work,
    *,
    topic: str = "",
    archived: bool = False,
    spam: bool | None = None,
    technical: bool | None = None,
    unread: bool | None = None,
    before: int | None = None,
    most: int | None = None,
) -> Sequence[Feedback]:
    """Feedback, newest first. `spam`, `technical` and `unread` None show both; `before` is the last one seen."""
    statement = select(Feedback).order_by(Feedback.id.desc()).limit(most)
    if before is not None:
        statement = statement.where(Feedback.id < before)
    statement = statement.where(Feedback.archived_at.is_not(None) if archived else Feedback.archived_at.is_(None))
    if topic:
        statement = statement.where(Feedback.topic == topic)
    if spam is not None:
        statement = statement.where(Feedback.spam_score >= rules.SPAM if spam else Feedback.spam_score < rules.SPAM)
    if technical is not None:
        statement = statement.where(Feedback.technical.is_(technical))
    if unread is not None:
        statement = statement.where(Feedback.read_at.is_(None) if unread else Feedback.read_at.is_not(None))
    return db.scalars(statement).all()


def count_unread(db: Work) -> int:
    """How much nobody has looked at, without what is archived or taken for spam."""
    waiting = (Feedback.read_at.is_(None), Feedback.archived_at.is_(None), Feedback.spam_score < rules.SPAM)
    return db.scalar(select(func.count()).select_from(Feedback).where(*waiting)) or 0


def queries_without_result(db: Work) -> list[tuple[str, int]]:
    """What readers searched for and told the city about, most often first."""
    searched = func.lower(Feedback.query)
    statement = select(searched, func.count()).select_from(Feedback).where(Feedback.query != "").group_by(searched)
    rows = db.execute(statement.order_by(func.count().desc(), searched)).all()
    return [(query, count) for query, count in rows]


def as_csv(rows: Sequence[Feedback]) -> str:
    """A table for spreadsheets. Readers' own addresses stay here."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([cells.harmless(_cell(getattr(row, name))) for name in COLUMNS])
    return file.getvalue()


def subject(db: Work, topic: str, language: str, slug: str) -> int | None:
    """The entry a reader means; None for an external offer, which is none. `NotFound` when there is no such thing."""
    kind = rules.TOPICS[topic]
    wanted, entry_id = content.told_apart(slug.lower().partition("$")[0])  # older apps say the day of an event there
    if kind == offers.KIND and wanted in offers.switched_on(db):
        return None
    if kind == imprint.KIND:
        return _imprint(db)
    rows = db.scalars(
        select(content.Address).where(
            content.Address.kind == kind, content.Address.slug == wanted, content.Address.role != content.RESERVED
        )
    ).all()
    if not rows:
        raise NotFound("feedback.subject", _NO_SUBJECT[kind].with_values(slug=slug[:200]))
    best: content.Address = max(rows, key=lambda row: (row.entry_id == entry_id, row.language == language))
    return best.entry_id


def _imprint(db: Work) -> int:
    found: int | None = db.scalar(select(imprint.Imprint.id))
    if found is None:
        raise NotFound("feedback.subject", "This city has no imprint.")
    return found


def _cell(value: object) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
