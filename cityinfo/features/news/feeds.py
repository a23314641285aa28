"""Feeds that others publish: which ones a city shows, and keeping their items as they are."""

from __future__ import annotations

import html as markup
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from cityinfo.features import organizations, tenants
from cityinfo.features.content import EntryChanged
from cityinfo.kernel import clock, html
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import queries, rules
from .facts import FeedChanged
from .models import Feed, FeedItem
from .ports import FeedEntry, FeedState
from .queries import KIND

MOST_ITEMS = 200  # of one feed; the newest
MOST_SUMMARY = 100_000  # characters
MOST_GUID = 500


def add(db: Work, address: str, *, source: str, language: str, actor: Actor) -> Feed:
    """Show what is published under this address, under the name of its source."""
    rules.check_feed_address(address)
    rules.check_source(source)
    if language not in tenants.tree(db):
        raise Invalid("feed.language", say("This city does not write in “{language}”.", language=language))
    if any((one.address, one.language) == (address, language) for one in queries.feeds(db)):
        raise Invalid("feed.known", "The city shows this feed in this language already.")
    feed = Feed(id=db.new_id(), address=address, source=source, language=language, active=True, failure="")
    db.add(feed)
    db.flush()
    after = digest(source, address)
    tell(db, FeedChanged(actor=actor, kind=KIND, entry_id=feed.id, language=language, after=after))
    return feed


def set_active(db: Work, feed_id: int, active: bool, *, actor: Actor) -> None:
    """Show the items of a feed, or stop showing them and reading it."""
    feed = queries.find_feed(db, feed_id)
    if feed.active == active:
        return
    feed.active = active
    feed.etag = feed.last_modified = None  # what came in between is read when it is shown again
    db.flush()
    _tell_shown(db, feed.id, active, actor)
    for item in queries.items_of(db, feed.id):
        _tell_shown(db, item.id, active, actor)


def remove(db: Work, feed_id: int, *, actor: Actor) -> None:
    """Forget a feed and its items."""
    set_active(db, feed_id, False, actor=actor)
    for item in queries.items_of(db, feed_id):
        db.delete(item)
    db.flush()
    feed = queries.find_feed(db, feed_id)
    before = digest(feed.source, feed.address)
    db.delete(feed)
    db.flush()
    tell(db, FeedChanged(actor=actor, kind=KIND, entry_id=feed_id, language=feed.language, before=before))


def note(db: Work, feed_id: int, *, failure: str, state: FeedState | None = None) -> None:
    """Keep when a feed was read, what went wrong, and what its server said of it."""
    feed = db.get(Feed, (db.tenant_id, feed_id))
    if feed is None:
        return
    feed.fetched_at, feed.failure = clock.now(), failure
    if state is not None:
        feed.etag, feed.last_modified = state.etag, state.last_modified


def has_news(db: Work, feed_id: int, entries: Sequence[FeedEntry]) -> bool:
    """Whether anything of what a feed says is new."""
    known = {item.guid: item for item in queries.items_of(db, feed_id)}
    return any(_differs(known.get(guid), facts) for guid, facts in _usable(entries).items())


def merge(db: Work, feed_id: int, entries: Sequence[FeedEntry]) -> int:
    """Keep what is new or different; what a feed no longer lists stays until its time is over. Returns how many."""
    feed = db.get(Feed, (db.tenant_id, feed_id))
    if feed is None or not feed.active:
        return 0
    known = {item.guid: item for item in queries.items_of(db, feed.id)}
    changed = 0
    for guid, facts in _usable(entries).items():
        if _differs(known.get(guid), facts):
            item = known.get(guid) or FeedItem(id=db.new_id(), feed_id=feed.id, guid=guid)
            _keep(db, feed, item, facts, known=guid in known)
            changed += 1
    return changed


def _keep(db: Work, feed: Feed, item: FeedItem, facts: Mapping[str, Any], *, known: bool) -> None:
    now = clock.now()
    before = html.digest(item.title, item.summary) if known else ""
    item.title, item.summary, item.link = facts["title"], facts["summary"], facts["link"]
    item.published_at = facts["published_at"] or (item.published_at if known else now)
    item.changed_at = now
    db.add(item)
    db.flush()
    actor = Actor("feed", feed.source)
    after = html.digest(item.title, item.summary)
    tell(db, EntryChanged(actor=actor, kind=KIND, entry_id=item.id, before=before, after=after))


def _tell_shown(db: Work, entry_id: int, shown: bool, actor: Actor) -> None:
    before, after = digest(entry_id, not shown), digest(entry_id, shown)
    tell(db, EntryChanged(actor=actor, kind=KIND, entry_id=entry_id, before=before, after=after))


def _usable(entries: Collection[FeedEntry]) -> dict[str, dict[str, Any]]:
    """Items that apps can show, cleaned, by guid: with a title and an address, not too old, not from the future."""
    found: dict[str, dict[str, Any]] = {}
    now = clock.now()
    for entry in sorted(entries, key=lambda one: one.published_at or now, reverse=True)[:MOST_ITEMS]:
        facts = _cleaned(entry, now)
        published = facts["published_at"]
        if facts["title"] and facts["link"] and (published is None or published > now - rules.STAYS):
            found.setdefault((entry.guid or entry.link)[:MOST_GUID], facts)
    return found


def _cleaned(entry: FeedEntry, now: datetime) -> dict[str, Any]:
    published = min(entry.published_at, now) if entry.published_at else None
    return {
        "title": _plain(entry.title)[: rules.MOST_TITLE],
        "summary": html.sanitise(entry.summary[:MOST_SUMMARY]),
        "link": entry.link if organizations.is_web_address(entry.link) else "",
        "published_at": published,
    }


def _plain(title: str) -> str:
    return " ".join(html.plain_text(html.sanitise(markup.unescape(title).replace("\0", ""))).split())


def _differs(item: FeedItem | None, facts: Mapping[str, Any]) -> bool:
    if item is None:
        return True
    words = (item.title, item.summary, item.link) != (facts["title"], facts["summary"], facts["link"])
    moment = facts["published_at"]
    return words or (moment is not None and moment < clock.now() and moment != item.published_at)
