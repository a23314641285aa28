"""Announcements: what the platform's staff tell everyone who works in cities."""

from .actions import AnnouncementDraft, change, dismiss, withdraw, write
from .jobs import SEND_LETTERS, enqueue_letters, send_letters
from .models import Announcement
from .queries import Sums, find, shown, sums, titled
from .rules import MOST_BODY, MOST_TITLE, OVER, PLANNED, SHOWN, state_of

__all__ = [
    "MOST_BODY",
    "MOST_TITLE",
    "OVER",
    "PLANNED",
    "SEND_LETTERS",
    "SHOWN",
    "Announcement",
    "AnnouncementDraft",
    "Sums",
    "change",
    "dismiss",
    "enqueue_letters",
    "find",
    "send_letters",
    "shown",
    "state_of",
    "sums",
    "titled",
    "withdraw",
    "write",
]
