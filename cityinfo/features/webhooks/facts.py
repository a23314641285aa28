"""What can happen to webhooks."""

from __future__ import annotations

from dataclasses import dataclass

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAdded(Change):
    """A server elsewhere is told what is new from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChanged(Change):
    """It is told of other things, elsewhere, again or no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRotated(Change):
    """Messages are signed with another secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReplayed(Change):
    """It is told once more what it was told before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookStopped(Change):
    """It was switched off by itself, because nobody took its messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRemoved(Change):
    """The subscription is gone."""
