"""Measuring a city, in a unit of work of its own."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select

from cityinfo.features import accounts, events, media, opening, publishing, translation, webhooks
from cityinfo.features.content import HUMAN, REQUESTED, Entry, Text, Version
from cityinfo.features.pages import PAGES, archived_ids
from cityinfo.features.translation import Standing
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import Work

from .models import TenantCondition

TRANSLATED = ("event", "location", "contact", "offer", "organization", "imprint")  # once readers see them


def measure(db: Work) -> TenantCondition:
    """Count anew how this city is doing. A fixed number of statements, and nothing that readers or editors see."""
    row = db.get(TenantCondition, db.tenant_id) or TenantCondition()
    for name, value in {**_translations(db), **_troubles(db), **_size(db)}.items():
        setattr(row, name, value)
    row.steps_left = opening.steps_left(db)
    row.measured_at, row.managers, row.edited_at = clock.now(), len(accounts.managers(db)), _edited_at(db)
    db.add(row)
    db.flush()
    return row


def _translations(db: Work) -> dict[str, int]:
    beside = publishing.public_entries(TRANSLATED)
    counted = [
        translation.totals(db, PAGES.kind, without=archived_ids()),
        translation.totals_beside(db, beside, TRANSLATED),
    ]
    figures: Counter[Standing] = Counter()
    for by_language in counted:
        for counts in by_language.values():
            figures += translation.standings(counts)
    return {
        "texts": figures.total(),
        "current": figures[Standing.CURRENT],
        "outdated": figures[Standing.OUTDATED],
        "missing": figures[Standing.MISSING],
    }


def _troubles(db: Work) -> dict[str, int]:
    asked = select(func.count(Text.id)).join(Entry, Entry.id == Text.entry_id)
    waiting = asked.where(Text.review_state == REQUESTED, Entry.archived_at.is_(None))
    return {
        "waiting": db.scalar(waiting) or 0,
        "calendars_broken": sum(1 for one in events.all_calendars(db) if one.last_error),
        "jobs_failed": jobs.count(db, state=jobs.FAILED),
        "webhooks_failing": sum(1 for one in webhooks.webhooks(db) if one.note or one.failing_since),
    }


def _size(db: Work) -> dict[str, int | None]:
    quota = media.quota(db, 0)
    return {
        "entries": db.scalar(select(func.count(Entry.id)).where(Entry.archived_at.is_(None))) or 0,
        "pages_public": publishing.count_public(db, PAGES.kind),
        "media_bytes": media.used_bytes(db),
        "media_quota": quota or None,
    }


def _edited_at(db: Work) -> datetime | None:
    """When someone last wrote here; what was brought in or made by a machine does not count."""
    return db.scalar(select(func.max(Version.created_at)).where(Version.origin == HUMAN))
