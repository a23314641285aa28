"""Decisions about announcements. Pure: no session, no clock."""

from __future__ import annotations

from datetime import datetime

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

PLANNED, SHOWN, OVER = "planned", "shown", "over"
MOST_TITLE, MOST_BODY = 150, 2_000  # characters


def state_of(starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """One word for whether editors see it."""
    if now < starts_at:
        return PLANNED
    return SHOWN if now < ends_at else OVER


def checked_words(title: str, body: str, code: str) -> tuple[str, str]:
    """As they are kept; `Invalid` under ``announcement.title_de`` and the like."""
    title, body = title.strip(), body.replace("\r\n", "\n").strip()
    if not title or len(title) > MOST_TITLE:
        raise Invalid(f"announcement.title_{code}", say("Write a title of at most {most} letters.", most=MOST_TITLE))
    if not body or len(body) > MOST_BODY:
        raise Invalid(f"announcement.body_{code}", say("Write a message of at most {most} letters.", most=MOST_BODY))
    return title, body


def check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise Invalid("announcement.ends_at", "It ends before it begins; choose a later end.")
    if ends_at <= now:
        raise Invalid("announcement.ends_at", "This moment has passed; choose a later one.")
