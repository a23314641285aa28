"""Reading webhooks, and what they are to be told."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from cityinfo.features import publishing, tenants
from cityinfo.features.publishing import Touched
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say

from . import rules
from .models import WAITING, Webhook, WebhookDelivery

KIND = "webhook"  # as the audit log names them
MOST_DELIVERIES = 500  # of a page


def webhooks(db: Work) -> Sequence[Webhook]:
    """The city's subscriptions, oldest first."""
    return db.scalars(select(Webhook).order_by(Webhook.id)).all()


def find(db: Work, webhook_id: int, *, lock: bool = False) -> Webhook:
    """The subscription, held against others until the unit of work ends if it is to be changed."""
    webhook = db.get(Webhook, (db.tenant_id, webhook_id), with_for_update=lock)
    if webhook is None:
        raise NotFound("webhook.unknown", say("There is no webhook {webhook_id}.", webhook_id=webhook_id))
    return webhook


def deliveries(db: Work, webhook_id: int, *, limit: int = 50, before: int | None = None) -> Sequence[WebhookDelivery]:
    """How its messages went, newest first; `before` is the last identity of the page before."""
    statement = select(WebhookDelivery).where(WebhookDelivery.webhook_id == find(db, webhook_id).id)
    if before is not None:
        statement = statement.where(WebhookDelivery.id < before)
    limit = min(max(limit, 1), MOST_DELIVERIES)
    return db.scalars(statement.order_by(WebhookDelivery.id.desc()).limit(limit)).all()


def waiting(db: Work, webhook_id: int) -> WebhookDelivery | None:
    """The message that has not arrived yet; there is never more than one."""
    wanted = (WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.state == WAITING)
    return db.scalar(select(WebhookDelivery).where(*wanted).order_by(WebhookDelivery.id).limit(1))


def untold(db: Work, webhook: Webhook, *, most: int) -> Sequence[Touched]:
    """The next documents it wants to hear of and was not told of yet, in order."""
    languages = webhook.languages or tenants.tree(db)
    return publishing.touched(
        db, since=(webhook.seq, webhook.place), most=most, kinds=webhook.kinds, languages=languages
    )


def told(db: Work, webhook: Webhook, delivery: WebhookDelivery) -> Sequence[Touched]:
    """What a message is about, as it is now: what has changed again since then is told later."""
    return publishing.touched(
        db,
        since=(delivery.from_seq, delivery.from_place),
        until=(delivery.seq, delivery.place),
        most=rules.MOST_ITEMS,
        kinds=webhook.kinds,
        languages=webhook.languages or tenants.tree(db),
    )
