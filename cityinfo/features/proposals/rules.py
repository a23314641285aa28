"""Decisions about proposals. Pure: no session, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from .models import ACCEPTED, PROPOSED, RETURNED, WITHDRAWN, Proposal

MOST_MESSAGE = 2_000


class ApplyFacts(Protocol):
    """Changes facts of an entry; those that `part` does not name stay."""

    def __call__(self, db: Work, entry_id: int, part: Mapping[str, Any], /, *, revision: int, actor: Actor) -> None: ...


_DECIDED = {
    ACCEPTED: say("This proposal was accepted already."),
    RETURNED: say("This proposal was returned already."),
    WITHDRAWN: say("This proposal was withdrawn already."),
}


def check_message(message: str) -> str:
    if len(message) > MOST_MESSAGE:
        raise Invalid("proposal.message", say("Write at most {most} characters.", most=MOST_MESSAGE))
    return message.strip()


def check_says_something(*, words: bool, facts: Mapping[str, Any]) -> None:
    if not words and not facts:
        raise Invalid("proposal.empty", "Propose other words or other facts.")


def check_waiting(proposal: Proposal) -> None:
    if proposal.state != PROPOSED:
        raise Conflict("proposal.decided", _DECIDED[proposal.state], state=proposal.state)
