"""What the other city's numbers mean here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from cityinfo.features import onboarding, tenants
from cityinfo.features.content import Wording
from cityinfo.features.onboarding import Origin
from cityinfo.kernel.db import Work

from .models import Detached, Following


@dataclass(frozen=True, slots=True)
class Names:
    """Entries here by their identities in the other city, those that no longer follow it, and our languages."""

    here: Mapping[int, int]
    detached: Collection[int]
    languages: Collection[str]

    def words(self, title: str, words: str) -> Wording:
        """What the other city says, as it would be written here: links to what is not here are plain words."""
        return Wording(title, onboarding.rewritten(words, self.here, self.languages))

    def is_complete(self, words: str) -> bool:
        """Whether all that a text leads to is here."""
        return onboarding.references(words) <= self.here.keys()


def names(db: Work, following: Following) -> Names:
    """The names that hold between this city and one it follows. Two statements."""
    rows = db.execute(select(Origin.source_entry_id, Origin.entry_id).where(Origin.source == following.source))
    detached = set(db.scalars(select(Detached.entry_id)))
    return Names(dict(rows.all()), detached, list(tenants.tree(db)))
