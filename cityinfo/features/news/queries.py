"""Reading news."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from cityinfo.features.content import Entry
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from . import rules
from .models import Delivery, Feed, FeedItem, Message, Receipt, Subscription
from .rules import State

KIND = "news"
LOCAL_FLAG, EXTERNAL_FLAG, TWO_PERSON_FLAG = "push_notifications", "external_news", "two_person_news"
DRAFT, REQUESTED, APPROVED = "draft", "requested", "approved"
WRITTEN, MAIN = "written", "main"  # modes: only the languages written, or the main language for the rest
NEWS = "news"  # the channel readers follow
FCM, WEBPUSH = "fcm", "webpush"
CHANNELS = (FCM, WEBPUSH)


def find(db: Work, message_id: int) -> Message:
    """The message; `NotFound` when there is none."""
    message = db.get(Message, (db.tenant_id, message_id))
    if message is None:
        raise NotFound("news.unknown", say("There is no message {message_id}.", message_id=message_id))
    return message


def messages(db: Work, message_ids: Collection[int]) -> dict[int, Message]:
    found: dict[int, Message] = {}
    for ids in portions(message_ids):
        found.update({row.id: row for row in db.scalars(select(Message).where(Message.id.in_(ids)))})
    return found


def in_main_language(db: Work, message_ids: Collection[int]) -> set[int]:
    """Those for which the main language stands in."""
    return {one.id for one in messages(db, message_ids).values() if one.mode == MAIN}


def state_of(message: Message, now: datetime | None = None) -> State:
    """Where a message stands, at present or at another moment."""
    return rules.state(
        approved=message.review == APPROVED,
        visible_from=message.visible_from,
        visible_until=message.visible_until,
        now=now or clock.now(),
    )


def requested(db: Work, *, besides: str = "") -> Sequence[int]:
    """Messages that a colleague asks to approve, newest first; without those whose author is `besides`."""
    statement = select(Message.id).join(Entry, Entry.id == Message.id).order_by(Message.id.desc())
    waiting = (Message.review == REQUESTED, Message.author != besides, Entry.archived_at.is_(None))
    return db.scalars(statement.where(*waiting)).all()


def end_of(message: Message) -> datetime | None:
    """When a message leaves; None while nobody has chosen when it becomes visible."""
    return None if message.visible_from is None else rules.end(message.visible_from, message.visible_until)


def followers(db: Work) -> dict[str, int]:
    """How many browsers are told, by language. How many apps follow a city is known to those who send to them alone."""
    counted = select(Subscription.language, func.count(Subscription.id)).group_by(Subscription.language)
    return {row[0]: row[1] for row in db.execute(counted)}


def find_feed(db: Work, feed_id: int) -> Feed:
    """The feed; `NotFound` when there is none."""
    feed = db.get(Feed, (db.tenant_id, feed_id))
    if feed is None:
        raise NotFound("feed.unknown", say("There is no feed {feed_id}.", feed_id=feed_id))
    return feed


def feeds(db: Work) -> Sequence[Feed]:
    """All feeds of the city."""
    return db.scalars(select(Feed).order_by(Feed.source, Feed.language, Feed.id)).all()


def items_of(db: Work, feed_id: int) -> Sequence[FeedItem]:
    return db.scalars(select(FeedItem).where(FeedItem.feed_id == feed_id).order_by(FeedItem.id)).all()


def items(db: Work, item_ids: Collection[int]) -> list[tuple[FeedItem, Feed]]:
    """Items with their feeds, of feeds that are read."""
    found: list[tuple[FeedItem, Feed]] = []
    for ids in portions(item_ids):
        statement = select(FeedItem, Feed).join(Feed, Feed.id == FeedItem.feed_id)
        rows = db.execute(statement.where(FeedItem.id.in_(ids), Feed.active.is_(True)))
        found += [(item, feed) for item, feed in rows]
    return found


def deliveries(db: Work, message_id: int) -> Sequence[Delivery]:
    """What is sent of a message, by language and channel."""
    statement = select(Delivery).where(Delivery.message_id == message_id)
    return db.scalars(statement.order_by(Delivery.language, Delivery.channel)).all()


def statistics(db: Work, message_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """By message: how many deliveries stand in each state, and how many browsers were reached (`browsers`)."""
    found: dict[int, dict[str, int]] = {message_id: {} for message_id in message_ids}
    for ids in portions(message_ids):
        counted = select(Delivery.message_id, Delivery.state, func.count(Delivery.id))
        grouped = counted.where(Delivery.message_id.in_(ids)).group_by(Delivery.message_id, Delivery.state)
        for message_id, state, number in db.execute(grouped):
            found[message_id][state] = number
        reached = select(Delivery.message_id, func.count(Receipt.subscription_id))
        reached = reached.join(Receipt, Receipt.delivery_id == Delivery.id).where(Delivery.message_id.in_(ids))
        for message_id, number in db.execute(reached.group_by(Delivery.message_id)):
            found[message_id]["browsers"] = number
    return found


def not_reached(db: Work, delivery: Delivery, most: int) -> Sequence[Subscription]:
    """Browsers in the delivery's language that it has yet to reach, at most so many."""
    reached = select(Receipt.subscription_id).where(Receipt.delivery_id == delivery.id)
    statement = select(Subscription).where(Subscription.language == delivery.language, Subscription.id.not_in(reached))
    return db.scalars(statement.order_by(Subscription.id).limit(most)).all()


def all_ids(db: Work) -> Sequence[int]:
    """Every message and every item of a feed."""
    return [*db.scalars(select(Message.id)), *db.scalars(select(FeedItem.id))]
