"""Editing news: drafts, the second person, the moment at which a message becomes visible, and what was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from marshmallow import fields

from cityinfo.api.v1.operations import Body
from cityinfo.features import news
from cityinfo.features.news import MessageFacts
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from . import entries
from .drafts import entry_outcome, entry_schema
from .editing import Editing, Outcome, editing
from .kinds import Facts, Kind, add
from .texts import ReasonSchema
from .values import Choice, Flag, Moment, Sent


class MessageFactsSchema(Sent):
    """Who gets a message, and from when to when."""

    mode = Choice(
        news.WRITTEN,
        news.MAIN,
        load_default=news.WRITTEN,
        metadata={"description": "`written`: only in the languages written; `main`: the main one for the rest."},
    )
    push = Flag(load_default=True, metadata={"description": "Whether phones are told."})
    visible_from = Moment(load_default=None, allow_none=True, metadata={"example": "2027-03-31T12:00:00+02:00"})
    visible_until = Moment(load_default=None, allow_none=True)


class WindowSchema(Sent):
    """When an approved message is visible; without a beginning from now on."""

    visible_from = Moment(load_default=None, allow_none=True)
    visible_until = Moment(load_default=None, allow_none=True)


class ShownMessageSchema(MessageFactsSchema):
    """The facts of a message, and where it stands."""

    stands = fields.String(
        required=True, metadata={"description": "`draft`, `approved`, `scheduled`, `visible` or `expired`."}
    )
    review = fields.String(required=True, metadata={"description": "`draft`, `requested` or `approved`."})
    review_message = fields.String(required=True)
    approved_by = fields.String(required=True)


class DeliverySchema(Body):
    """One message in one language over one channel."""

    id = fields.Integer(required=True)
    language = fields.String(required=True)
    channel = fields.String(required=True, metadata={"description": "`fcm` or `webpush`."})
    state = fields.String(required=True, metadata={"example": "sent"})
    attempts = fields.Integer(required=True)
    sent_at = fields.DateTime(required=True, allow_none=True)
    failure = fields.String(required=True)


class DeliveryListSchema(Body):
    """What is sent of a message."""

    items = fields.List(fields.Nested(DeliverySchema), required=True)


def _create(db: Work, facts: Facts, actor: Actor) -> int:
    return news.create(db, MessageFacts(**facts), actor=actor).id


def _read(db: Work, message_id: int) -> dict[str, Any]:
    facts, message = news.facts_of(db, message_id), news.find(db, message_id)
    return {
        "mode": facts.mode,
        "push": facts.push,
        "visible_from": facts.visible_from,
        "visible_until": facts.visible_until,
        "stands": news.state_of(message),
        "review": message.review,
        "review_message": message.review_message,
        "approved_by": message.approved_by,
    }


def _change(db: Work, message_id: int, facts: Facts, /, *, revision: int, actor: Actor) -> None:
    news.change(db, message_id, replace(news.facts_of(db, message_id), **facts), revision=revision, actor=actor)


KIND = add(
    Kind(
        content_type=news.NEWS,
        plural="news",
        noun="message",
        facts=MessageFactsSchema,
        shown=ShownMessageSchema,
        read=_read,
        create=_create,
        change=_change,
        archive=news.archive,
        restore=news.restore,
        delete=news.delete_for_good,
        example={"mode": "written", "push": True},
    )
)
blueprint = entries.operations_of(KIND, "What a city tells its readers now.")
ONE = f"{entries.HERE}/news/<int:entry_id>"
MessageDraft = entry_schema(KIND)


def _step(verb: str, rule: str, *, name: str, body: type[Sent] | None = None) -> Callable[[Any], Any]:
    return editing(
        blueprint,
        f"{ONE}/{rule}",
        method="POST",
        needs=[f"news:{verb}"],
        body=body,
        answer=MessageDraft,
        if_match=True,
        name=name,
    )


@_step("write", "request-approval", name="requestApproval")
def request_approval(editor: Editing, entry_id: int) -> Outcome:
    """Ask a colleague to approve a message."""
    entries.opened(editor, "write", KIND.plural, entry_id)
    news.request_approval(editor.db, entry_id, **editor.entry)
    return entry_outcome(editor, KIND, entry_id)


@_step("send", "approve", name="approveMessage")
def approve(editor: Editing, entry_id: int) -> Outcome:
    """Release a message; it is visible, and phones are told, when its moment comes.

    Where two persons decide, nobody approves what they wrote themselves.
    """
    entries.opened(editor, "send", KIND.plural, entry_id)
    news.approve(editor.db, entry_id, **editor.entry)
    return entry_outcome(editor, KIND, entry_id)


@_step("send", "return", name="returnMessage", body=ReasonSchema)
def send_back(editor: Editing, body: Mapping[str, Any], entry_id: int) -> Outcome:
    """Give a message back to its author, saying why."""
    entries.opened(editor, "send", KIND.plural, entry_id)
    news.send_back(editor.db, entry_id, body["reason"], **editor.entry)
    return entry_outcome(editor, KIND, entry_id)


@_step("send", "send", name="sendMessage", body=WindowSchema)
def schedule(editor: Editing, body: Mapping[str, Any], entry_id: int) -> Outcome:
    """Choose when an approved message becomes visible and phones are told; without a moment now."""
    entries.opened(editor, "send", KIND.plural, entry_id)
    news.schedule(editor.db, entry_id, **body, **editor.entry)
    return entry_outcome(editor, KIND, entry_id)


@editing(blueprint, f"{ONE}/copy", method="POST", needs=["news:create"], answer=MessageDraft, status=201)
def copy_message(editor: Editing, entry_id: int) -> Outcome:
    """Make a new draft with the words of an old message."""
    entries.opened(editor, "read", KIND.plural, entry_id)
    twin = news.copy(editor.db, entry_id, actor=editor.actor)
    location = f"/api/v1/manage/{editor.tenant}/news/{twin.id}"
    return entry_outcome(editor, KIND, twin.id, status=201, location=location)


@editing(blueprint, f"{ONE}/deliveries", needs=["news:read"], answer=DeliveryListSchema)
def list_deliveries(editor: Editing, entry_id: int) -> Outcome:
    """List what was sent of a message, by language and channel."""
    entries.opened(editor, "read", KIND.plural, entry_id)
    names = ("id", "language", "channel", "state", "attempts", "sent_at", "failure")
    found = news.deliveries(editor.db, entry_id)
    return Outcome({"items": [{name: getattr(one, name) for name in names} for one in found]})
