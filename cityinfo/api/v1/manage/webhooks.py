"""Webhooks: servers elsewhere that are told what readers see anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from marshmallow import fields, validate

from cityinfo.api.http import MOST_IDENTITY
from cityinfo.api.v1.operations import Body
from cityinfo.features import webhooks
from cityinfo.features.webhooks import Webhook, WebhookDelivery, WebhookDraft

from .drafts import list_schema
from .editing import Editing, Outcome, editing, section
from .entries import HERE
from .lists import NewestFirst, portion, whole_list
from .tags import digest_of
from .values import Flag, Line, Sent, Whole

blueprint = section("Editing: webhooks", "Servers elsewhere that are told, signed and in order, what readers see anew.")
ONE = f"{HERE}/webhooks/<int:webhook_id>"
# What someone decides about a webhook, and what therefore makes its tag; how far it was told changes by itself.
DECIDED = ("id", "address", "kinds", "languages", "active", "note", "former_until", "created_at")
OF_DELIVERY = ("id", "from_seq", "seq", "items", "state", "attempts", "status", "failure", "created_at", "tried_at")


class WebhookDraftSchema(Sent):
    """Who shall be told of what."""

    address = Line(2_000, required=True, metadata={"format": "uri", "example": "https://example.org/hook"})
    kinds = fields.List(
        Line(30),
        load_default=tuple,
        validate=validate.Length(max=50),
        metadata={"description": "Only these; `outline` is paths and languages. Empty: all.", "example": ["page"]},
    )
    languages = fields.List(
        Line(20),
        load_default=tuple,
        validate=validate.Length(max=100),
        metadata={"description": "Only in these. Empty: all.", "example": ["de"]},
    )
    active = Flag(load_default=True, metadata={"description": "Switched on; it is told then what it missed."})


class WebhookSchema(Body):
    """A webhook, without its secret."""

    id = fields.Integer(required=True)
    address = fields.String(required=True, metadata={"example": "https://example.org/hook"})
    kinds = fields.List(fields.String(), required=True)
    languages = fields.List(fields.String(), required=True)
    active = fields.Boolean(required=True)
    note = fields.String(
        required=True, metadata={"description": "Why it was switched off by itself: `failing`, `gone` or empty."}
    )
    former_until = fields.DateTime(
        required=True, allow_none=True, metadata={"description": "Until when the former secret signs besides."}
    )
    created_at = fields.DateTime(required=True)
    seq = fields.Integer(required=True, metadata={"description": "So far it was told.", "example": 42})


class NewWebhookSchema(WebhookSchema):
    """A webhook with what signs its messages from now on."""

    secret = fields.String(required=True, metadata={"description": "Keep it: it is told only once."})


class WebhookDeliverySchema(Body):
    """One message and how it went."""

    id = fields.Integer(required=True, metadata={"description": "The end of its `webhook-id`."})
    from_seq = fields.Integer(required=True, metadata={"description": "It tells what came after this number."})
    seq = fields.Integer(required=True, metadata={"description": "Up to this number."})
    items = fields.Integer(required=True, metadata={"description": "How many documents it names.", "example": 3})
    state = fields.String(required=True, metadata={"description": "`waiting`, `sent` or `dropped`.", "example": "sent"})
    attempts = fields.Integer(required=True)
    status = fields.Integer(required=True, allow_none=True, metadata={"description": "As it was answered last."})
    failure = fields.String(required=True, metadata={"description": "What went wrong last, for machines."})
    created_at = fields.DateTime(required=True)
    tried_at = fields.DateTime(required=True, allow_none=True)


class ReplaySchema(Sent):
    """From where everything is told once more."""

    since = Whole(
        0, MOST_IDENTITY, required=True, metadata={"description": "The last number known; 0: all.", "example": 41}
    )


@editing(blueprint, f"{HERE}/webhooks", needs=["webhooks:read"], answer=whole_list(WebhookSchema, "WebhookList"))
def list_webhooks(editor: Editing) -> Outcome:
    """List the city's webhooks, oldest first."""
    return Outcome({"items": [_written(one) for one in webhooks.webhooks(editor.db)]})


@editing(
    blueprint,
    f"{HERE}/webhooks",
    method="POST",
    needs=["webhooks:manage"],
    body=WebhookDraftSchema,
    answer=NewWebhookSchema,
    status=201,
    keyed=False,
)
def add_webhook(editor: Editing, body: Mapping[str, Any]) -> Outcome:
    """Tell a server what is new from now on. Its secret is told only here: a retry makes another webhook."""
    draft, safe = WebhookDraft(**body), current_app.extensions["safe"]
    made, secret = webhooks.create(editor.db, draft, known_kinds=_kinds(), safe=safe, actor=editor.actor)
    location = f"/api/v1/manage/{editor.tenant}/webhooks/{made.id}"
    return Outcome({**_written(made), "secret": secret}, _tag(made), 201, location)


@editing(blueprint, ONE, needs=["webhooks:read"], answer=WebhookSchema)
def get_webhook(editor: Editing, webhook_id: int) -> Outcome:
    """Read whom a webhook tells of what, and how far it was told."""
    return _outcome(editor, webhook_id)


@editing(
    blueprint,
    ONE,
    method="PUT",
    needs=["webhooks:manage"],
    body=WebhookDraftSchema,
    answer=WebhookSchema,
    if_match=True,
)
def change_webhook(editor: Editing, body: Mapping[str, Any], webhook_id: int) -> Outcome:
    """Let a webhook be told of other things or elsewhere, or switch it on or off."""
    editor.compare(_decided(webhooks.find(editor.db, webhook_id)), body)
    webhooks.change(editor.db, webhook_id, WebhookDraft(**body), known_kinds=_kinds(), actor=editor.actor)
    return _outcome(editor, webhook_id)


@editing(blueprint, ONE, method="DELETE", needs=["webhooks:manage"], answer=None, status=204, if_match=True)
def remove_webhook(editor: Editing, webhook_id: int) -> Outcome:
    """Tell a server nothing any more, and forget what it was told."""
    editor.compare(_decided(webhooks.find(editor.db, webhook_id)))
    webhooks.delete(editor.db, webhook_id, actor=editor.actor)
    return Outcome()


@editing(
    blueprint,
    f"{ONE}/secret",
    method="POST",
    needs=["webhooks:manage"],
    answer=NewWebhookSchema,
    if_match=True,
    keyed=False,
)
def rotate_webhook_secret(editor: Editing, webhook_id: int) -> Outcome:
    """Sign with a new secret, told only here. The present one signs besides for a day."""
    editor.compare(_decided(webhooks.find(editor.db, webhook_id)))
    secret = webhooks.rotate(editor.db, webhook_id, safe=current_app.extensions["safe"], actor=editor.actor)
    webhook = webhooks.find(editor.db, webhook_id)
    return Outcome({**_written(webhook), "secret": secret}, _tag(webhook))


@editing(
    blueprint,
    f"{ONE}/deliveries",
    needs=["webhooks:read"],
    answer=list_schema(WebhookDeliverySchema, "WebhookDeliveryList"),
    query=NewestFirst,
)
def list_webhook_deliveries(editor: Editing, query: Mapping[str, Any], webhook_id: int) -> Outcome:
    """List the messages of the last 30 days and how they went, newest first."""
    return portion(
        lambda before, most: webhooks.deliveries(editor.db, webhook_id, before=before, limit=most), _delivery, query
    )


@editing(blueprint, f"{ONE}/replay", method="POST", needs=["webhooks:manage"], body=ReplaySchema, answer=WebhookSchema)
def replay_webhook(editor: Editing, body: Mapping[str, Any], webhook_id: int) -> Outcome:
    """Tell everything after a number once more. A message under way is dropped; it is part of what is told again."""
    webhooks.replay(editor.db, webhook_id, since=body["since"], actor=editor.actor)
    return _outcome(editor, webhook_id)


def _outcome(editor: Editing, webhook_id: int) -> Outcome:
    webhook = webhooks.find(editor.db, webhook_id)
    return Outcome(_written(webhook), _tag(webhook))


def _kinds() -> tuple[str, ...]:
    kinds: tuple[str, ...] = current_app.extensions["kinds"]
    return kinds


def _written(webhook: Webhook) -> dict[str, Any]:
    return {**_decided(webhook), "seq": webhook.seq}


def _decided(webhook: Webhook) -> dict[str, Any]:
    return {name: getattr(webhook, name) for name in DECIDED}


def _tag(webhook: Webhook) -> str:
    return digest_of(_decided(webhook))


def _delivery(one: WebhookDelivery) -> dict[str, Any]:
    return {name: getattr(one, name) for name in OF_DELIVERY}
