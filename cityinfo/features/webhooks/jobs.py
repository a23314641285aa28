"""What the worker does for webhooks: tells them what is new, and looks after what was left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import ColumnElement, Select, delete, or_, select, update

from cityinfo.features import publishing, tenants
from cityinfo.features.publishing import Touched
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import EVERY_TENANT, Database, Work
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.facts import SYSTEM
from cityinfo.kernel.jobs import Job, Run, pause_after

from . import actions, queries, rules
from .actions import DELIVER
from .models import FAILING, GONE, SENT, WAITING, Webhook, WebhookDelivery
from .ports import Safe, Sender

LONGEST_SEND = timedelta(minutes=2)  # longer than any sender waits, so that nobody else sends meanwhile
_NO_LONGER_WANTED = 410
_BULK = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class _Message:
    """One message, ready to be signed and sent; `hidden` are the secrets that sign it."""

    delivery_id: int
    message_id: str
    address: str
    body: bytes
    hidden: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of an attempt; without a `failure` it arrived."""

    status: int | None
    failure: str


def deliver(run: Run, *, webhook_id: int, sender: Sender, safe: Safe) -> None:
    """Tell a subscription everything it was not told of, message by message, in the order in which it happened.

    A message that does not arrive is tried again by a job of its own, later each time; those after it wait.
    """
    while True:
        message = _next_message(run, webhook_id)
        if message is None:
            if _rests(run, webhook_id):
                return
            continue
        run.progress(0, lease=LONGEST_SEND)
        outcome = _send(message, sender, safe)
        if outcome.failure:
            _keep_failure(run, webhook_id, message.delivery_id, outcome)
            return
        _keep_success(run, webhook_id, message.delivery_id, outcome)


def look_after(database: Database) -> int:
    """Forget old deliveries and former secrets, and promise anew what a lost job had promised; returns how many."""
    now = clock.now()
    with database.unit_of_work(EVERY_TENANT, reason="looks for webhooks whose job was lost, and for what is old") as db:
        old = set(db.scalars(select(WebhookDelivery.tenant_id).where(*_old_deliveries(now))))
        old |= set(db.scalars(select(Webhook.tenant_id).where(Webhook.former_until < now)))
        lost = db.execute(_lost()).all()
    for tenant_id in old:
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            db.execute(delete(WebhookDelivery).where(*_old_deliveries(now)), execution_options=_BULK)
            forget = update(Webhook).where(Webhook.former_until < now).values(former_secret="", former_until=None)
            db.execute(forget, execution_options=_BULK)
    for tenant_id, webhook_id in lost:
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            queries.find(db, webhook_id, lock=True).job_id = jobs.enqueue(db, DELIVER, webhook_id=webhook_id)
    return len(lost)


def _old_deliveries(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return WebhookDelivery.created_at < now - rules.DELIVERIES_STAY, WebhookDelivery.state != WAITING


def _lost() -> Select[int, int]:
    """Subscriptions whose job has ended or was given up without saying so."""
    same = (Job.tenant_id == Webhook.tenant_id) & (Job.id == Webhook.job_id)
    is_lost = or_(Job.id.is_(None), Job.finished_at.is_not(None), Job.run_after.is_(None))
    statement = select(Webhook.tenant_id, Webhook.id).outerjoin(Job, same)
    return statement.where(Webhook.active.is_(True), Webhook.job_id.is_not(None), is_lost)


def _ours(db: Work, run: Run, webhook_id: int) -> Webhook | None:
    """The subscription, held for this unit of work; None when it is gone or another job has it."""
    webhook = db.get(Webhook, (db.tenant_id, webhook_id), with_for_update=True)
    return webhook if webhook is not None and webhook.job_id == run.job_id else None


def _next_message(run: Run, webhook_id: int) -> _Message | None:
    with run.unit_of_work(write=True, numbered=False) as db:
        webhook = _ours(db, run, webhook_id)
        if webhook is None or not webhook.active:
            return None
        delivery = queries.waiting(db, webhook.id) or _new_delivery(db, webhook)
        if delivery is None:
            return None
        delivery.attempts, delivery.tried_at = delivery.attempts + 1, clock.now()
        return _Message(
            delivery_id=delivery.id,
            message_id=f"msg_{db.tenant_id}_{delivery.id}",
            address=webhook.address,
            body=_body(db, webhook, delivery),
            hidden=_signing(webhook),
        )


def _new_delivery(db: Work, webhook: Webhook) -> WebhookDelivery | None:
    untold = queries.untold(db, webhook, most=rules.MOST_ITEMS)
    if not untold:
        return None
    last = untold[-1]
    seq, place = last.place if len(untold) == rules.MOST_ITEMS else (last.seq, "")
    delivery = WebhookDelivery(id=db.new_id(), webhook_id=webhook.id, from_seq=webhook.seq, from_place=webhook.place)
    delivery.seq, delivery.place, delivery.items = seq, place, len(untold)
    delivery.state, delivery.attempts, delivery.failure, delivery.created_at = WAITING, 0, "", clock.now()
    db.add(delivery)
    db.flush()
    return delivery


def _body(db: Work, webhook: Webhook, delivery: WebhookDelivery) -> bytes:
    data = {
        "tenant": db.get_one(tenants.Tenant, db.tenant_id).slug,
        "epoch": publishing.epoch(db),
        "since": delivery.from_seq,
        "until": delivery.seq,
        "items": [_item(one) for one in queries.told(db, webhook, delivery)],
    }
    return orjson.dumps({"type": rules.TYPE, "timestamp": delivery.created_at.isoformat(), "data": data})


def _item(touched: Touched) -> dict[str, object]:
    return {
        "kind": touched.kind,
        "id": touched.entry_id,
        "language": touched.language or None,
        "seq": touched.seq,
        "removed": touched.removed,
    }


def _signing(webhook: Webhook) -> list[str]:
    still = webhook.former_until is not None and webhook.former_until > clock.now()
    return [webhook.secret, *([webhook.former_secret] if still else [])]


def _send(message: _Message, sender: Sender, safe: Safe) -> _Outcome:
    timestamp = int(clock.now().timestamp())
    try:
        signing = [safe.reveal(one) for one in message.hidden]
        signed = rules.signature(signing, message_id=message.message_id, timestamp=timestamp, body=message.body)
        headers = {
            "content-type": "application/json",
            "webhook-id": message.message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signed,
        }
        status = sender.send(message.address, message.body, headers=headers)
    except Problem as problem:
        return _Outcome(None, problem.code)
    return _Outcome(status, "" if 200 <= status < 300 else "webhook.status")


def _keep_success(run: Run, webhook_id: int, delivery_id: int, outcome: _Outcome) -> None:
    with run.unit_of_work(write=True, numbered=False) as db:
        found = _tried(db, run, webhook_id, delivery_id, outcome)
        if found is not None:
            webhook, delivery = found
            delivery.state = SENT
            webhook.seq, webhook.place, webhook.failing_since = delivery.seq, delivery.place, None


def _keep_failure(run: Run, webhook_id: int, delivery_id: int, outcome: _Outcome) -> None:
    """Promise another attempt, or switch the subscription off, in the unit of work that ends this job."""
    now = clock.now()
    with run.unit_of_work(write=True) as db:
        run.finish(db)
        found = _tried(db, run, webhook_id, delivery_id, outcome)
        webhook = found[0] if found else _ours(db, run, webhook_id)
        if webhook is None:
            return
        webhook.failing_since = webhook.failing_since or now
        if outcome.status == _NO_LONGER_WANTED or rules.is_over(webhook.failing_since, now):
            note = GONE if outcome.status == _NO_LONGER_WANTED else FAILING
            actions.stop(db, webhook, note, actor=SYSTEM)
            return
        pause = pause_after(found[1].attempts if found else 0)
        webhook.job_id = jobs.enqueue(db, DELIVER, run_after=now + pause, webhook_id=webhook.id)


def _tried(
    db: Work, run: Run, webhook_id: int, delivery_id: int, outcome: _Outcome
) -> tuple[Webhook, WebhookDelivery] | None:
    """The subscription and the message with what came of it noted; None when it was dropped meanwhile."""
    webhook = _ours(db, run, webhook_id)
    delivery = db.get(WebhookDelivery, (db.tenant_id, delivery_id), populate_existing=True)
    if webhook is None or delivery is None or delivery.state != WAITING:
        return None
    delivery.status, delivery.failure = outcome.status, outcome.failure
    return webhook, delivery


def _rests(run: Run, webhook_id: int) -> bool:
    """End the job, unless there is news by now. No publication passes a numbered unit of work, so none is missed."""
    with run.unit_of_work(write=True) as db:
        webhook = _ours(db, run, webhook_id)
        if webhook is not None and webhook.active and queries.untold(db, webhook, most=1):
            return False
        if webhook is not None:
            webhook.job_id = None
        run.finish(db)
        return True
