"""Feedback: what readers tell a city, and what it answers."""

from .actions import FORWARD, Message, archive, delete_old, forward, mark_read, reply, restore, send
from .jobs import purge, send_forwarded
from .keeping import Kept, all_kept, take_over
from .models import Feedback
from .queries import KIND, as_csv, by_ticket, count_unread, find, listed, queries_without_result
from .rules import RATINGS, SPAM, TOPICS, split_contact

__all__ = [
    "FORWARD",
    "KIND",
    "RATINGS",
    "SPAM",
    "TOPICS",
    "Feedback",
    "Kept",
    "Message",
    "all_kept",
    "archive",
    "as_csv",
    "by_ticket",
    "count_unread",
    "delete_old",
    "find",
    "forward",
    "listed",
    "mark_read",
    "purge",
    "queries_without_result",
    "reply",
    "restore",
    "send",
    "send_forwarded",
    "split_contact",
    "take_over",
]
