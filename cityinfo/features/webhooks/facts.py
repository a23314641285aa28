"""What can happen to webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAdded(Change):
    """A server elsewhere is told what is new from now on."""

    needs: ClassVar[str] = "webhooks:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChanged(Change):
    """It is told of other things, elsewhere, again or no longer."""

    needs: ClassVar[str] = "webhooks:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRotated(Change):
    """Messages are signed with another secret."""

    needs: ClassVar[str] = "webhooks:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReplayed(Change):
    """It is told once more what it was told before."""

    needs: ClassVar[str] = "webhooks:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookStopped(Change):
    """It was switched off by itself, because nobody took its messages."""

    needs: ClassVar[str] = "webhooks:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRemoved(Change):
    """The subscription is gone."""

    needs: ClassVar[str] = "webhooks:manage"
