"""What a page gives to other cities, or has from one, as it is told beside the text."""

from __future__ import annotations

from dataclasses import dataclass

from cityinfo.features import commons, upstream
from cityinfo.features.commons import LICENCES, Naming, Offering
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor


@dataclass(frozen=True, slots=True)
class Exchange:
    """On which terms the page is offered, or whose words it began with. `may_correct`: that city
    can be told; `may_give`: whoever is here may say that others can have it."""

    offering: Offering | None
    credit: Naming | None
    may_correct: bool
    may_give: bool

    @property
    def licence(self) -> str:
        """What the licence is called."""
        named = self.credit or self.offering
        return LICENCES[named.licence].name if named and named.licence in LICENCES else ""


def exchange(db: Work, kind: str, entry_id: int, language: str, *, actor: Actor) -> Exchange | None:
    """None for what cannot be given to others."""
    if kind != commons.KIND:
        return None
    credit = commons.credit(db, entry_id)
    known = credit is not None and upstream.owner(db, entry_id) is not None
    may_correct = known and upstream.taken_words(db, entry_id, language) is not None
    may_give = actor.may("publish", kind, entry_id=entry_id, language="")
    return Exchange(commons.offering(db, entry_id), credit, may_correct, may_give)
