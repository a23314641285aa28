"""Facts: what has happened in a unit of work, told to those who subscribed, before it commits.

A fact is a frozen dataclass in the past tense. All facts of a unit of work are delivered together at its end, so that a
subscriber can look at the whole of it once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person, an import, a job, the system itself."""

    kind: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A fact about something that an actor changed; every one of them becomes a row of the audit log.

    `kind` and `entry_id` name the thing, `before` and `after` are digests (`kernel.digests`) of what counts of it: the
    first is empty when there was nothing before, the second when there is nothing any more. Anything else is refused,
    so that no action leaves a gap in the record or anybody's words in it.
    """

    actor: Actor
    kind: str
    entry_id: int
    language: str = ""
    before: str = ""
    after: str = ""

    def __post_init__(self) -> None:
        known = [one for one in (self.before, self.after) if one]
        if not known or not all(map(_DIGEST.fullmatch, known)):
            raise TypeError(f"{type(self).__name__} needs digests of what it changed: before, after or both.")


Subscriber = tuple[type, Callable[[Any, Sequence[Any]], None]]
Subscribers = Sequence[Subscriber]


def tell(db: Any, fact: object) -> None:
    """Say that something happened. The fact counts only if the unit of work commits."""
    db.told.append(fact)


def deliver(db: Any, subscribers: Subscribers) -> None:
    """Hand all facts to the subscribers of their classes and of their parents, in the order of the table.

    A subscriber may tell further facts; they reach everyone who subscribed to them in the next round.
    """
    while db.told:
        told, db.told = db.told, []
        for kind, subscriber in subscribers:
            heard = [fact for fact in told if isinstance(fact, kind)]
            if heard:
                subscriber(db, heard)
