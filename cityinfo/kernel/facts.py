"""Facts: what has happened in a unit of work, told to those who subscribed, before it commits.

A fact is a frozen dataclass in the past tense. All facts of a unit of work are delivered together at its end, so that a
subscriber can look at the whole of it once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from .errors import Forbidden


class Rights(Protocol):
    """What an actor may do in the unit of work it acts in. Both raise `Forbidden` with a sentence for a person."""

    @property
    def reviewed(self) -> bool:
        """Whether what the actor publishes waits for someone's review instead."""

    def check(self, verb: str, kind: str, *, entry_id: int, language: str) -> None:
        """Asked when a change is told: may it be made to this thing, as it was before?"""

    def check_outcome(self, verb: str, kind: str, *, entry_id: int, language: str) -> None:
        """Asked before the unit of work commits: may the thing be where it is now?"""

    def reach(self, verb: str, kind: str, *, language: str) -> frozenset[int] | None:
        """Below which things `check` would find nothing to refuse; None for all, nothing for none."""


_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person, an import, a job, the system itself.

    `rights` None means code of ours that nobody outside commands; a person or a token always comes with rights.
    """

    kind: str
    name: str = ""
    rights: Rights | None = field(default=None, compare=False, repr=False)

    @property
    def reviewed(self) -> bool:
        return self.rights is not None and self.rights.reviewed

    def may(self, verb: str, kind: str, *, entry_id: int, language: str) -> bool:
        """Whether a change would be allowed now: for what is offered. What counts is asked again when it is told."""
        try:
            if self.rights is not None:
                self.rights.check(verb, kind, entry_id=entry_id, language=language)
        except Forbidden:
            return False
        return True

    def reach(self, verb: str, kind: str, *, language: str) -> frozenset[int] | None:
        """Where `may` would say yes: below these things of a kind, anywhere (None), or nowhere (empty)."""
        return None if self.rights is None else self.rights.reach(verb, kind, language=language)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A fact about something that an actor changed; every one of them becomes a row of the audit log.

    `kind` and `entry_id` name the thing, `before` and `after` are digests (`kernel.digests`) of what counts of it: the
    first is empty when there was nothing before, the second when there is nothing any more. Anything else is refused,
    so that no action leaves a gap in the record or anybody's words in it. `needs` is the right it takes: a verb, asked
    for the thing's own kind, or ``area:verb``. What says nothing else is for managers. `note` is what the log says in
    words, for those who read it: a reason, a role; never what the thing itself says.
    """

    needs: ClassVar[str] = "manage"

    actor: Actor
    kind: str
    entry_id: int
    language: str = ""
    before: str = ""
    after: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        known = [one for one in (self.before, self.after) if one]
        if not known or not all(map(_DIGEST.fullmatch, known)):
            raise TypeError(f"{type(self).__name__} needs digests of what it changed: before, after or both.")


Subscriber = tuple[type, Callable[[Any, Sequence[Any]], None]]
Subscribers = Sequence[Subscriber]


def tell(db: Any, fact: object) -> None:
    """Say that something happened. The fact counts only if the unit of work commits.

    This is where rights are asked: nobody notices a change that was not told, so no action can forget its right.
    Raises `Forbidden`, which takes the whole unit of work back.
    """
    if isinstance(fact, Change) and fact.actor.rights is not None and not db.delivering:
        _ask(fact.actor.rights.check, fact)
    db.told.append(fact)


def deliver(db: Any, subscribers: Subscribers) -> None:
    """Hand all facts to the subscribers of their classes and of their parents, in the order of the table.

    A subscriber may tell further facts; they reach everyone who subscribed to them in the next round. What follows by
    itself from a change that was allowed needs no right of its own.
    """
    for fact in db.told:
        if isinstance(fact, Change) and fact.actor.rights is not None:
            _ask(fact.actor.rights.check_outcome, fact)
    db.delivering = True
    try:
        _deliver(db, subscribers)
    finally:
        db.delivering = False


def _deliver(db: Any, subscribers: Subscribers) -> None:
    while db.told:
        told, db.told = db.told, []
        for kind, subscriber in subscribers:
            heard = [fact for fact in told if isinstance(fact, kind)]
            if heard:
                subscriber(db, heard)


def _ask(check: Callable[..., None], change: Change) -> None:
    area, _, verb = change.needs.rpartition(":")
    check(verb, area or change.kind, entry_id=change.entry_id, language=change.language)
