"""What the worker does for feedback."""

from __future__ import annotations

from sqlalchemy import select

from cityinfo.features import logins, tenants
from cityinfo.features.logins import Letter, Mailer
from cityinfo.kernel import clock, i18n
from cityinfo.kernel.db import EVERY_TENANT, Database, Work
from cityinfo.kernel.i18n import _
from cityinfo.kernel.jobs import Run

from .actions import delete_old
from .models import Feedback


def send_forwarded(run: Run, feedback: int, *, mailer: Mailer) -> None:
    """Send what a reader said to whom it was forwarded. Nothing is sent of what has been deleted since."""
    with run.unit_of_work() as db:
        row = db.get(Feedback, (db.tenant_id, feedback))
        letter = _letter(db, row) if row is not None and row.forwarded_to else None
        letter = logins.style.styled(letter, logins.style.style(db)) if letter else None
    if letter is not None:
        mailer.send(letter)


def purge(database: Database) -> int:
    """Delete feedback that has been kept long enough; returns how much it was."""
    now = clock.now()
    with database.unit_of_work(EVERY_TENANT, reason="looks for feedback that has been kept long enough") as db:
        tenants = set(db.scalars(select(Feedback.tenant_id).where(Feedback.delete_at <= now).distinct()))
    deleted = 0
    for tenant_id in sorted(tenants):
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            deleted += delete_old(db, now)
    return deleted


def _letter(db: Work, row: Feedback) -> Letter:
    """In the language the city writes in: whoever gets it works with the city."""
    city = db.get_one(tenants.Tenant, db.tenant_id).full_name
    source = tenants.root_language(db)
    with i18n.speaking(source):
        said = [
            (_("About:"), row.subject or row.topic),
            (_("Language:"), row.language),
            (_("Rating:"), {"up": _("good"), "down": _("bad")}.get(row.rating, "")),
            (_("Searched for:"), row.query),
            (_("Contact:"), row.contact),
        ]
        opening = _("a reader of {city} wrote this; it was forwarded to you.", city=city)
        facts = "\n".join(f"{label} {words}" for label, words in said if words)
        return Letter(
            to=row.forwarded_to,
            subject=_("Feedback on {city}", city=city),
            text="\n\n".join(part for part in (_("Hello,"), opening, facts, row.comment) if part) + "\n",
            language=i18n.language(),
            reference=f"feedback-{row.id}-{int(row.forwarded_at.timestamp()) if row.forwarded_at else 0}",
        )
