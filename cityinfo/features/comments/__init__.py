"""Comments: what colleagues say to each other about a text while it is written. Readers never see any of it."""

from .actions import MENTION, CommentDraft, answer, change, delete, hand_over, reopen, resolve, write
from .facts import (
    CommentChanged,
    CommentDeleted,
    CommentsHandedOver,
    CommentsReopened,
    CommentsResolved,
    CommentWritten,
)
from .jobs import send_mention
from .models import Comment, Thread
from .queries import (
    Conversation,
    colleagues,
    conversation,
    conversations,
    count_open,
    find,
    find_thread,
    last_words,
    waiting,
)
from .rules import MOST_CONTEXT, MOST_ON_A_TEXT, MOST_QUOTE, MOST_WORDS, Passage

__all__ = [
    "MENTION",
    "MOST_CONTEXT",
    "MOST_ON_A_TEXT",
    "MOST_QUOTE",
    "MOST_WORDS",
    "Comment",
    "CommentChanged",
    "CommentDeleted",
    "CommentDraft",
    "CommentWritten",
    "CommentsHandedOver",
    "CommentsReopened",
    "CommentsResolved",
    "Conversation",
    "Passage",
    "Thread",
    "answer",
    "change",
    "colleagues",
    "conversation",
    "conversations",
    "count_open",
    "delete",
    "find",
    "find_thread",
    "hand_over",
    "last_words",
    "reopen",
    "resolve",
    "send_mention",
    "waiting",
    "write",
]
