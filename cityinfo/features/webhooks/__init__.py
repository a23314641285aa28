"""Webhooks: servers elsewhere that are told, signed and in order, what readers see anew."""

from .actions import DELIVER, WebhookDraft, announce, change, create, delete, replay, rotate
from .jobs import deliver, look_after
from .models import DROPPED, FAILING, GONE, SENT, WAITING, Webhook, WebhookDelivery
from .ports import Safe, Sender
from .queries import deliveries, find, webhooks

__all__ = [
    "DELIVER",
    "DROPPED",
    "FAILING",
    "GONE",
    "SENT",
    "WAITING",
    "Safe",
    "Sender",
    "Webhook",
    "WebhookDelivery",
    "WebhookDraft",
    "announce",
    "change",
    "create",
    "delete",
    "deliver",
    "deliveries",
    "find",
    "look_after",
    "replay",
    "rotate",
    "webhooks",
]
