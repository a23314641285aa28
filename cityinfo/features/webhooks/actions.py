"""Changes to webhooks, and promising that they are told what is new."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from cityinfo.features import publishing, tenants
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import facts, queries, rules
from .models import DROPPED, WAITING, Webhook, WebhookDelivery
from .ports import Safe
from .queries import KIND

DELIVER = "webhooks.deliver"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDraft:
    """Who shall be told of what. No kinds or no languages means all of them; `outline` is where entries stand."""

    address: str
    kinds: Sequence[str] = ()
    languages: Sequence[str] = ()
    active: bool = True


def create(
    db: Work, draft: WebhookDraft, *, known_kinds: Collection[str], safe: Safe, actor: Actor
) -> tuple[Webhook, str]:
    """Tell a server what is new from now on; returns the subscription and its secret, which is told only here."""
    if (db.scalar(select(func.count()).select_from(Webhook)) or 0) >= rules.MOST_WEBHOOKS:
        raise Invalid(
            "webhook.most", say("A city has at most {most} webhooks; remove one first.", most=rules.MOST_WEBHOOKS)
        )
    secret = rules.new_secret()
    webhook = Webhook(id=db.new_id(), seq=db.seq, place="", note="", created_at=clock.now())
    webhook.secret, webhook.former_secret = safe.hide(secret), ""
    _put(db, webhook, draft, known_kinds)
    tell(db, facts.WebhookAdded(actor=actor, kind=KIND, entry_id=webhook.id, after=_digest(webhook)))
    return webhook, secret


def change(db: Work, webhook_id: int, draft: WebhookDraft, *, known_kinds: Collection[str], actor: Actor) -> None:
    """Tell it of other things or elsewhere, or switch it on or off. What it missed while it was off is told then."""
    webhook = queries.find(db, webhook_id, lock=True)
    before = _digest(webhook)
    _put(db, webhook, draft, known_kinds)
    if draft.active:
        webhook.note, webhook.failing_since = "", None
        _promise(db, webhook)
    if _digest(webhook) != before:
        said = {"before": before, "after": _digest(webhook)}
        tell(db, facts.WebhookChanged(actor=actor, kind=KIND, entry_id=webhook.id, **said))


def rotate(db: Work, webhook_id: int, *, overlap: timedelta = rules.OVERLAP, safe: Safe, actor: Actor) -> str:
    """Sign with a new secret, told only here; the present one signs besides for a while, so that nothing is refused."""
    rules.check_overlap(overlap)
    webhook = queries.find(db, webhook_id, lock=True)
    before, secret = digest(webhook.secret), rules.new_secret()
    webhook.former_secret, webhook.former_until = webhook.secret, clock.now() + overlap
    webhook.secret = safe.hide(secret)
    said = {"before": before, "after": digest(webhook.secret)}
    tell(db, facts.WebhookRotated(actor=actor, kind=KIND, entry_id=webhook.id, **said))
    return secret


def replay(db: Work, webhook_id: int, *, since: int, actor: Actor) -> None:
    """Tell everything after this number once more, 0 for all there is; what is under way is dropped."""
    webhook = queries.find(db, webhook_id, lock=True)
    if not 0 <= since <= db.seq:
        raise Invalid(
            "webhook.since", say("The newest number is {seq}; choose one from 0 on that is not above it.", seq=db.seq)
        )
    if not webhook.active:
        raise Invalid("webhook.off", "This webhook is switched off; switch it on first.")
    waiting = update(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.state == WAITING)
    db.execute(waiting.values(state=DROPPED), execution_options={"synchronize_session": False})
    before = digest(webhook.seq, webhook.place)
    webhook.seq, webhook.place = since, ""
    _promise(db, webhook)
    said = {"before": before, "after": digest(since, "")}
    tell(db, facts.WebhookReplayed(actor=actor, kind=KIND, entry_id=webhook.id, **said))


def delete(db: Work, webhook_id: int, *, actor: Actor) -> None:
    """Tell it nothing any more and forget what was told."""
    webhook = queries.find(db, webhook_id, lock=True)
    if webhook.job_id is not None:
        jobs.cancel(db, webhook.job_id)
    before = _digest(webhook)
    db.delete(webhook)
    db.flush()
    tell(db, facts.WebhookRemoved(actor=actor, kind=KIND, entry_id=webhook_id, before=before))


def announce(db: Work, published: Sequence[publishing.PublishedChanged]) -> None:
    """Subscriber: promises, in the transaction of the publication, that whoever wants to hear of it is told."""
    parts = {part for fact in published for part in fact.parts if part[1] != publishing.TENANT}
    for webhook in db.scalars(select(Webhook).where(Webhook.active.is_(True), Webhook.job_id.is_(None))):
        if any(_wants(webhook, language, kind) for language, kind in parts):
            _promise(db, webhook)


def stop(db: Work, webhook: Webhook, note: str, *, actor: Actor) -> None:
    """Switch it off because nobody takes its messages; editors see the note until they switch it on again."""
    before = _digest(webhook)
    webhook.active, webhook.note, webhook.job_id = False, note, None
    tell(db, facts.WebhookStopped(actor=actor, kind=KIND, entry_id=webhook.id, before=before, after=_digest(webhook)))


def _put(db: Work, webhook: Webhook, draft: WebhookDraft, known_kinds: Collection[str]) -> None:
    rules.check_address(draft.address)
    rules.check_kinds(draft.kinds, {*known_kinds, publishing.OUTLINE})
    rules.check_languages(draft.languages, tenants.tree(db))
    webhook.address, webhook.active = draft.address, draft.active
    webhook.kinds, webhook.languages = sorted(set(draft.kinds)), sorted(set(draft.languages))
    db.add(webhook)
    db.flush()


def _wants(webhook: Webhook, language: str, kind: str) -> bool:
    return rules.matches(webhook.kinds, webhook.languages, publishing.shown_kind(kind), language)


def _promise(db: Work, webhook: Webhook) -> None:
    """At most one job at a time tells a subscription what is new: that is what keeps the order."""
    if webhook.job_id is None:
        webhook.job_id = jobs.enqueue(db, DELIVER, webhook_id=webhook.id)


def _digest(webhook: Webhook) -> str:
    return digest(webhook.id, webhook.address, webhook.kinds, webhook.languages, webhook.active)
