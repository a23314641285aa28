"""What news need from outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a phone shows of a message. `number` is how apps know it."""

    city: str
    language: str
    number: int
    title: str
    body: str
    path: str
    seconds: int  # for which it is worth telling

    @property
    def mark(self) -> str:
        """The same for every notice of a message in a city, so that a second one replaces the first; 32 characters."""
        return sha256(f"{self.city} {self.number}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One browser, as it described itself when it subscribed."""

    endpoint: str
    p256dh: str
    auth: str


class PushSender(Protocol):
    """Tells readers that there is news."""

    def send(self, notice: Notice, to: Recipient | None) -> None:
        """Hand the notice over, to one browser or (None) to everyone who follows the city in the language.

        `Unavailable` when it may succeed later, `Gone` when the browser no longer wants to be told, `Invalid` when it
        was refused and will be again.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item as a feed has it. `published_at` is None when the feed does not say."""

    guid: str
    title: str
    summary: str
    link: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What a server said of a feed as it was, to be asked next time whether it still is so (RFC 9110, 8.8)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAnswer:
    """What a server said now. `entries` is None when the feed is still as it was."""

    entries: Sequence[FeedEntry] | None
    state: FeedState


class FeedReader(Protocol):
    """Reads news that others publish."""

    def read(self, address: str, known: FeedState) -> FeedAnswer:
        """The items; `Invalid` when there is no feed or it may not be read, `Unavailable` when nobody answers."""
        ...
