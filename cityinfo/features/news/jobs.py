"""Telling readers' phones what is visible, and reading the feeds of others."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from cityinfo.features import content, tenants
from cityinfo.features.content import PublicChanged
from cityinfo.kernel import clock, html, jobs
from cityinfo.kernel.db import EVERY_TENANT, Database, Work
from cityinfo.kernel.errors import Gone, Invalid, Problem, Unavailable
from cityinfo.kernel.jobs import JobStopped, Run

from . import feeds, projection, queries, rules
from .models import Delivery, Feed, Receipt, Subscription
from .ports import FeedAnswer, FeedReader, FeedState, Notice, PushSender, Recipient
from .queries import FCM, KIND, LOCAL_FLAG

DELIVER, READ_FEED = "news.deliver", "news.read_feed"
PORTION = 20  # browsers told between two renewals of the lease
LEASE = timedelta(minutes=5)
WAITING, SENDING, SENT, EXPIRED, FAILED, WITHDRAWN, OFF = "waiting sending sent expired failed withdrawn off".split()
OPEN = (WAITING, SENDING, FAILED, OFF)  # still told, or told again when an editor asks
_log = logging.getLogger(__name__)
_BULK = {"synchronize_session": False}
Senders = Mapping[str, PushSender]  # by channel


def announce(db: Work, facts: Sequence[PublicChanged]) -> None:
    """Subscriber, after publishing: promise to tell of messages that are visible from this unit of work on.

    Nothing is promised twice: there is one row for each message, language and channel. What is still to be told follows
    the message's end when that is moved.
    """
    changed = {fact.entry_id for fact in facts if fact.kind == KIND}
    if not changed or not tenants.offers(db, LOCAL_FLAG):
        return
    for message in queries.messages(db, changed).values():
        documents = projection.visible_documents(db, message.id) if message.push else {}
        if documents and message.visible_from is not None:
            message.announced_at = message.announced_at or clock.now()
            last = rules.end(message.visible_from, message.visible_until)
            send_until = min(last, message.visible_from + rules.WORTH_TELLING)
            _follow(db, message.id, send_until)
            _promise(db, message.id, documents, send_until)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A delivery that this attempt holds, and what to send."""

    channel: str
    notice: Notice


def deliver(run: Run, *, delivery: int, senders: Senders) -> None:
    """Send one delivery. Fails, to be tried again later, when the other side does not answer."""
    claim = _claim(run, delivery, senders)
    if claim is None:
        return
    sender = senders[claim.channel]
    try:
        if claim.channel == FCM:
            sender.send(claim.notice, None)
        else:
            _send_to_browsers(run, delivery, claim.notice, sender)
    except JobStopped:
        raise
    except Exception as failure:
        again = not isinstance(failure, Invalid) and run.attempt < jobs.MOST_ATTEMPTS
        _end(run, delivery, state=WAITING if again else FAILED, failure=_described(failure))
        if again:
            raise
        _log.error("Delivery %s of tenant %s was given up: %s", delivery, run.tenant_id, _described(failure))
        return
    _end(run, delivery, state=SENT, sent_at=clock.now(), failure="")


def send_again(db: Work, delivery_id: int) -> None:
    """Try once more what was given up, if it is still worth telling."""
    values = {"state": WAITING, "failure": ""}
    statement = update(Delivery).where(Delivery.id == delivery_id, Delivery.state.in_([FAILED, OFF])).values(**values)
    if db.scalar(statement.returning(Delivery.id), execution_options=_BULK) is not None:
        jobs.enqueue(db, DELIVER, delivery=delivery_id)


def promise_feeds(database: Database) -> int:
    """Promise to read every active feed; returns how many there are."""
    with database.unit_of_work(EVERY_TENANT, reason="looks for feeds to read") as db:
        rows = db.execute(select(Feed.tenant_id, Feed.id).where(Feed.active.is_(True))).all()
    for tenant_id, feed_id in rows:
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            if tenants.offers(db, queries.EXTERNAL_FLAG):
                jobs.enqueue(db, READ_FEED, feed=feed_id)
    return len(rows)


def read_feed(run: Run, *, feed: int, reader: FeedReader) -> None:
    """Read a feed and keep what is new of it. A feed that cannot be read says so, and is read again next time."""
    with run.unit_of_work() as db:
        row = db.get(Feed, (db.tenant_id, feed))
        if row is None or not row.active or not tenants.offers(db, queries.EXTERNAL_FLAG):
            return
        address, known = row.address, FeedState(etag=row.etag or "", last_modified=row.last_modified or "")
    try:
        answer = reader.read(address, known)
    except Problem as problem:
        with run.unit_of_work(write=True, numbered=False) as db:
            feeds.note(db, feed, failure=problem.code)
        return
    _keep_answer(run, feed, answer)


def _keep_answer(run: Run, feed: int, answer: FeedAnswer) -> None:
    entries = answer.entries or ()
    with run.unit_of_work() as db:
        news = feeds.has_news(db, feed, entries)
    with run.unit_of_work(write=True, numbered=news) as db:
        if news:
            feeds.merge(db, feed, entries)
        feeds.note(db, feed, failure="", state=answer.state)


def _follow(db: Work, message_id: int, send_until: datetime) -> None:
    """Let what was promised before end when the message does."""
    mine = (Delivery.message_id == message_id, Delivery.state.in_(OPEN), Delivery.send_until != send_until)
    db.execute(update(Delivery).where(*mine).values(send_until=send_until), execution_options=_BULK)


def _promise(db: Work, message_id: int, languages: Mapping[str, object], send_until: datetime) -> None:
    known = {(row.language, row.channel) for row in queries.deliveries(db, message_id)}
    for language in languages:
        for channel in queries.CHANNELS:
            if (language, channel) in known:
                continue
            row = Delivery(
                id=db.new_id(), message_id=message_id, language=language, channel=channel, send_until=send_until
            )
            row.state, row.attempts, row.failure = WAITING, 0, ""
            db.add(row)
            jobs.enqueue(db, DELIVER, delivery=row.id)
    db.flush()


def _claim(run: Run, delivery: int, senders: Senders) -> _Claim | None:
    """Hold the delivery for this attempt; None when there is nothing to send, which is then noted."""
    with run.unit_of_work(write=True, numbered=False) as db:
        if not _hold(db, run, delivery):
            return None
        row = db.get_one(Delivery, (db.tenant_id, delivery))
        document = projection.visible_documents(db, row.message_id).get(row.language)
        refused = _refused(db, row, document is not None, senders)
        if refused or document is None:
            _change(db, run, delivery, state=refused, token=None, held_until=None)
            return None
        return _Claim(row.channel, _notice(db, row, document))


def _hold(db: Work, run: Run, delivery: int) -> bool:
    """Whether it is ours now. One that another attempt holds is left to it until its time is over."""
    now = clock.now()
    free = or_(Delivery.state == WAITING, (Delivery.state == SENDING) & (Delivery.held_until <= now))
    values = {"state": SENDING, "token": run.token, "held_until": now + LEASE, "attempts": Delivery.attempts + 1}
    statement = update(Delivery).where(Delivery.id == delivery, free).values(**values).returning(Delivery.id)
    if db.scalar(statement, execution_options=_BULK) is not None:
        return True
    held = select(Delivery.id).where(Delivery.id == delivery, Delivery.state == SENDING)
    if db.scalar(held) is not None:
        raise Unavailable("news.held", "Another attempt is still sending this; it is looked at again later.")
    return False


def _refused(db: Work, row: Delivery, visible: bool, senders: Senders) -> str:
    if row.send_until <= clock.now():
        return EXPIRED
    if not visible or not tenants.offers(db, LOCAL_FLAG):
        return WITHDRAWN
    return "" if row.channel in senders else OFF


def _notice(db: Work, row: Delivery, document: Mapping[str, object]) -> Notice:
    tenant = db.get_one(tenants.Tenant, db.tenant_id)
    entry = content.find_entry(db, row.message_id, KIND)
    number = entry.v3_id or entry.id
    return Notice(
        city=tenant.slug,
        language=row.language,
        number=number,
        title=str(document["title"]),
        body=html.plain_text(str(document["content"])),
        path=f"/{tenant.slug}/{row.language}/news/{rules.LOCAL}-{number}",
        seconds=max(1, int((row.send_until - clock.now()).total_seconds())),
    )


def _send_to_browsers(run: Run, delivery: int, notice: Notice, sender: PushSender) -> None:
    """Tell every browser once. Those that could not be told are tried again with the next attempt, and they alone."""
    failures: dict[int, Exception] = {}
    while True:
        waiting = _not_reached(run, delivery, PORTION + len(failures))
        waiting = [one for one in waiting if one[0] not in failures]
        if not waiting:
            break
        run.progress(0, lease=LEASE)
        _end(run, delivery, state=SENDING, held_until=clock.now() + LEASE)
        _send_portion(run, delivery, notice, sender, waiting[:PORTION], failures)
    if failures:
        raise next(iter(failures.values()))


def _send_portion(
    run: Run,
    delivery: int,
    notice: Notice,
    sender: PushSender,
    waiting: Sequence[tuple[int, Recipient]],
    failures: dict[int, Exception],
) -> None:
    reached, ended = [], []
    for subscription, recipient in waiting:
        try:
            sender.send(notice, recipient)
            reached.append(subscription)
        except (Gone, Invalid):  # it no longer wants to be told, or what it told us cannot be used
            ended.append(subscription)
        except Unavailable as failure:
            failures[subscription] = failure
    with run.unit_of_work(write=True, numbered=False) as db:
        known = set(db.scalars(select(Subscription.id).where(Subscription.id.in_([*reached, *ended]))))
        db.add_all(Receipt(delivery_id=delivery, subscription_id=one) for one in reached if one in known)
        for one in known & set(ended):
            db.delete(db.get_one(Subscription, (db.tenant_id, one)))


def _not_reached(run: Run, delivery: int, most: int) -> list[tuple[int, Recipient]]:
    with run.unit_of_work() as db:
        rows = queries.not_reached(db, db.get_one(Delivery, (db.tenant_id, delivery)), most)
        return [(row.id, Recipient(endpoint=row.endpoint, p256dh=row.p256dh, auth=row.auth)) for row in rows]


def _end(run: Run, delivery: int, **values: object) -> None:
    with run.unit_of_work(write=True, numbered=False) as db:
        _change(db, run, delivery, **values)


def _change(db: Work, run: Run, delivery: int, **values: object) -> None:
    """Note how it went, unless another attempt holds it by now."""
    statement = update(Delivery).where(Delivery.id == delivery, Delivery.token == run.token).values(**values)
    if db.scalar(statement.returning(Delivery.id), execution_options=_BULK) is None:
        raise JobStopped(f"delivery {delivery} of tenant {run.tenant_id}")


def _described(failure: Exception) -> str:
    """Class and code; a message may hold an address that belongs to a person."""
    return f"{type(failure).__name__} {failure.code}" if isinstance(failure, Problem) else type(failure).__name__
