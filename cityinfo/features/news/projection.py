"""What the public sees of news: messages of the city while they are visible, and items of feeds, in one list."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from cityinfo.features import content, tenants
from cityinfo.features.content import ContentType, Document, EntryChanged, Key, Projection
from cityinfo.kernel import clock, html
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.facts import Actor, tell

from . import queries, rules
from .models import Feed, FeedItem, Message
from .queries import EXTERNAL_FLAG, KIND, LOCAL_FLAG, MAIN
from .rules import State


def affected(_db: Work, news_ids: Collection[int], _widely: bool) -> set[int]:
    return set(news_ids)


def project(db: Work, ids: Collection[int], active: Collection[str], languages: Collection[str]) -> Projection:
    """Documents of what is visible now and switched on; the moments at which that changes are due."""
    now = clock.now()
    messages = queries.messages(db, ids)
    found = _of_messages(db, messages, active, languages, now)
    shows_others = tenants.offers(db, EXTERNAL_FLAG)
    for item, feed in queries.items(db, set(ids) - messages.keys()):
        end = item.published_at + rules.STAYS
        found.due[item.id] = {end}
        if shows_others and feed.language in active and end > now:
            _add_item(found, item, feed, languages)
    return found


def pass_time(db: Work, news_id: int, moment: datetime, actor: Actor) -> None:
    """A message comes or goes, an item goes."""
    content.pass_time(db, news_id, moment, actor)
    item = db.get(FeedItem, (db.tenant_id, news_id))
    if item is not None and item.published_at + rules.STAYS <= moment:
        db.delete(item)
        db.flush()
    before, after = digest(news_id, "before", moment), digest(news_id, "since", moment)
    tell(db, EntryChanged(actor=actor, kind=KIND, entry_id=news_id, before=before, after=after))


def _of_messages(
    db: Work, messages: Mapping[int, Message], active: Collection[str], languages: Collection[str], now: datetime
) -> Projection:
    told = messages.values() if tenants.offers(db, LOCAL_FLAG) else ()
    visible = {one.id for one in told if queries.state_of(one, now) is State.VISIBLE}
    stand_in = {one for one in visible if messages[one].mode == MAIN}
    words = content.Words(db, visible, active, languages, falls_back=lambda entry_id: entry_id in stand_in)
    found = words.projection(lambda key: _facts(messages, key))
    due = content.due(db, messages)
    for message in messages.values():
        moments = {one for one in (*due.get(message.id, ()), *_moments(message)) if one > now}
        found.due[message.id] = moments
    return found


def _facts(messages: Mapping[int, Message], key: Key) -> Mapping[str, Any]:
    message = messages[key[0]]
    assert message.visible_from is not None
    until = rules.end(message.visible_from, message.visible_until)
    return {
        "source": rules.LOCAL,
        "channel": message.channel,
        "link": None,
        "display_date": _written(message.visible_from),
        "visible_until": _written(until),
    }


def _moments(message: Message) -> set[datetime]:
    if message.review != queries.APPROVED or message.visible_from is None:
        return set()
    return {message.visible_from, rules.end(message.visible_from, message.visible_until)}


def _add_item(found: Projection, item: FeedItem, feed: Feed, languages: Collection[str]) -> None:
    slug = f"{feed.source}-{item.id}"
    text = {"slug": slug, "v3_id": item.id}
    found.outlines[item.id] = {"id": item.id, "kind": KIND, "parent": None, "texts": {feed.language: text}}
    if feed.language in languages:
        found.documents.append(Document(item.id, feed.language, _body(item, feed, slug)))


def _body(item: FeedItem, feed: Feed, slug: str) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": KIND,
        "language": feed.language,
        "delivered_language": feed.language,
        "slug": slug,
        "title": item.title,
        "content": item.summary,
        "excerpt": html.excerpt(item.summary),
        "changed_at": _written(item.changed_at),
        "origin": content.IMPORTED,
        "v3": {"id": item.id, "entry_id": item.id},
        "source": feed.source,
        "channel": None,
        "link": item.link,
        "display_date": _written(item.published_at),
        "visible_until": _written(item.published_at + rules.STAYS),
    }


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def visible_documents(db: Work, message_id: int) -> dict[str, dict[str, Any]]:
    """What readers see of a message at present, by language."""
    active = tenants.active_languages(db)
    return {one.language: one.body for one in project(db, [message_id], active, active).documents}


NEWS = ContentType(
    kind=KIND,
    affected=affected,
    project=project,
    all_ids=queries.all_ids,
    pass_time=pass_time,
    path="news/",
    falls_back=queries.in_main_language,
)
