"""Upstream: a city takes what another one, which it came from, has learned since."""

from .actions import (
    FOLLOWER,
    accept,
    accept_entry,
    attach,
    change_following,
    detach,
    follow,
    follow_clones,
    forget_deleted,
    keep,
    unfollow,
)
from .facts import EntryDetached, FollowingChanged, UpdateDecided
from .jobs import enqueue_followers, receive
from .models import ACCEPTED, KEPT, PLACE, Decision, Follower, Following, Received
from .queries import (
    Item,
    Shown,
    counts,
    decisions,
    find_following,
    followings,
    items,
    received_at,
    received_of,
    show,
    waiting,
)
from .reporting import followers, most_changed
from .rules import CLEAN, OPEN, Standing
from .undoing import RECEIVE, undo
from .weighing import follow_own

__all__ = [
    "ACCEPTED",
    "CLEAN",
    "FOLLOWER",
    "KEPT",
    "OPEN",
    "PLACE",
    "RECEIVE",
    "Decision",
    "EntryDetached",
    "Follower",
    "Following",
    "FollowingChanged",
    "Item",
    "Received",
    "Shown",
    "Standing",
    "UpdateDecided",
    "accept",
    "accept_entry",
    "attach",
    "change_following",
    "counts",
    "decisions",
    "detach",
    "enqueue_followers",
    "find_following",
    "follow",
    "follow_clones",
    "follow_own",
    "followers",
    "followings",
    "forget_deleted",
    "items",
    "keep",
    "most_changed",
    "receive",
    "received_at",
    "received_of",
    "show",
    "undo",
    "unfollow",
    "waiting",
]
