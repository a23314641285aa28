"""Messages, feeds and those who are told, as an editor or a reader would make them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cityinfo import registry
from cityinfo.features import content, news
from cityinfo.features.news import FeedAnswer, FeedEntry, MessageFacts
from cityinfo.kernel import jobs
from cityinfo.kernel.facts import Actor
from tests.factories import EDITOR, City
from tests.factories_entries import revision_of, write_in

COLLEAGUE = Actor("editor", "karim")
POINT = "B" + "A" * 86  # 65 bytes, in the form of a browser's key
SECRET = "A" * 22  # 16 bytes


class Phone:
    """A sender that counts. `failing` holds what it raises next, in order."""

    def __init__(self, *failing: Exception) -> None:
        self.failing = list(failing)
        self.told: list[tuple[str, int, str | None]] = []
        self.notices: list[news.Notice] = []
        self._lock = threading.Lock()

    def send(self, notice, to):
        with self._lock:
            if self.failing:
                raise self.failing.pop(0)
            self.told.append((notice.language, notice.number, to.endpoint if to else None))
            self.notices.append(notice)


class Paper:
    """A feed that says what a test wants."""

    def __init__(self, *entries: FeedEntry) -> None:
        self.entries: Sequence[FeedEntry] = entries

    def read(self, address, known):
        return FeedAnswer(entries=self.entries, state=known)


def draft(city: City, title: str, *, language: str = "de", text: str = "<p>Am Freitag.</p>", **facts: object) -> int:
    """A message with its words, not approved."""
    with city.write() as db:
        message = news.create(db, MessageFacts(**facts), actor=EDITOR)
        write_in(db, message.id, title, language=language, text=text, public=False)
        return message.id


def approve(city: City, message_id: int, *, actor: Actor = COLLEAGUE) -> None:
    with city.write() as db:
        news.approve(db, message_id, revision=revision_of(db, message_id), actor=actor)


def schedule(city: City, message_id: int, **moments: datetime) -> None:
    with city.write() as db:
        news.schedule(db, message_id, revision=revision_of(db, message_id), actor=EDITOR, **moments)


def move_end(city: City, message_id: int, visible_until: datetime | None) -> None:
    with city.write() as db:
        facts = replace(news.facts_of(db, message_id), visible_until=visible_until)
        news.change(db, message_id, facts, revision=revision_of(db, message_id), actor=EDITOR)


def announce(city: City, title: str, **facts: object) -> int:
    """A message that is approved, and visible at once unless facts say when."""
    message_id = draft(city, title, **facts)
    approve(city, message_id)
    if "visible_from" not in facts:
        schedule(city, message_id, **({"visible_until": facts["visible_until"]} if "visible_until" in facts else {}))
    return message_id


def add_language(city: City, message_id: int, language: str, title: str, *, public: bool = True) -> None:
    with city.write() as db:
        write_in(db, message_id, title, language=language, public=public)


def subscribe(city: City, name: str, *, language: str = "de") -> None:
    """A browser of that name, each at home somewhere else."""
    with city.write() as db:
        keys = {"p256dh": POINT, "auth": SECRET}
        endpoint = f"https://push.example/{name}"
        news.subscribe(db, endpoint=endpoint, language=language, address=f"home of {name}", **keys)


def follow(city: City, source: str = "tunews", *, language: str = "de") -> int:
    with city.write() as db:
        return news.add_feed(db, f"https://{source}.example/feed", source=source, language=language, actor=EDITOR).id


def item(guid: str, title: str = "Neue Regeln", *, at: datetime | None = None, **facts: str) -> FeedEntry:
    """An item of a feed; without `at` the feed does not say when it was published."""
    words = {"summary": "<p>Text &amp; Bild</p>", "link": f"https://news.example/{guid}", **facts}
    return FeedEntry(guid=guid, title=title, published_at=at, **words)


def work(city: City, *, senders: dict[str, object] | None = None, reader: object = None) -> None:
    """What a worker does once: everything that is due by itself, then every promised job that is due."""
    from functools import partial

    for seconds, periodic in registry.PERIODIC:
        if seconds == 30:
            periodic(city.database)
    known = {
        **registry.JOBS,
        news.DELIVER: partial(news.deliver, senders=senders or {}),
        news.READ_FEED: partial(news.read_feed, reader=reader),
    }
    for tenant_id, job_id in jobs.sweep(city.database):
        jobs.run_job(city.database, known, tenant_id, job_id)


def states(city: City, message_id: int) -> dict[tuple[str, str], str]:
    """Where every delivery of a message stands."""
    with city.read() as db:
        return {(row.language, row.channel): row.state for row in news.deliveries(db, message_id)}


def archive(city: City, message_id: int) -> None:
    with city.write() as db:
        news.archive(db, message_id, revision=content.find_entry(db, message_id).revision, actor=EDITOR)
