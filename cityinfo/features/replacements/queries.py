"""Finding the texts in which words stand, and what was replaced before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from cityinfo.features import content
from cityinfo.features.content import Text, Version
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound

from .models import Replaced, Replacement
from .rules import Wanted

MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A text in which the words stand, as editors have it, and what it would say."""

    text: Text
    kind: str
    before: Version
    title: str
    content: str

    @property
    def is_public_as_it_is(self) -> bool:
        return self.text.public_version_id == self.before.id


def found(db: Work, wanted: Wanted, kinds: Collection[str], *, language: str = "", after: int = 0) -> list[Hit]:
    """Texts of these kinds in which the words stand, in the order in which they were begun, behind a text; at most one
    more than are changed at once. Nothing archived is found."""
    hits: list[Hit] = []
    while len(hits) <= MOST_AT_ONCE:
        rows = content.texts_saying(db, kinds, wanted.words, language=language, after=after, most=MOST_AT_ONCE * 2)
        hits += [hit(text, kind, version, wanted) for text, kind, version in rows if _says(version, wanted)]
        if len(rows) < MOST_AT_ONCE * 2:
            break
        after = rows[-1][0].id
    return hits[: MOST_AT_ONCE + 1]


def hit(text: Text, kind: str, version: Version, wanted: Wanted) -> Hit:
    return Hit(text, kind, version, wanted.in_title(version.title), wanted.in_content(version.content))


def find(db: Work, replacement_id: int) -> Replacement:
    """The replacement; `NotFound` when there is none."""
    row = db.get(Replacement, (db.tenant_id, replacement_id))
    if row is None:
        raise NotFound("replacement.unknown", "There is no such replacement.")
    return row


def find_replaced(db: Work, replacement_id: int, text_id: int) -> Replaced:
    """What it did to a text; `NotFound` when nothing."""
    row = db.get(Replaced, (db.tenant_id, replacement_id, text_id))
    if row is None:
        raise NotFound("replacement.unknown", "There is no such replacement.")
    return row


def replaced(db: Work, replacement_id: int) -> Sequence[int]:
    """The texts that it changed."""
    return db.scalars(select(Replaced.text_id).where(Replaced.replacement_id == replacement_id)).all()


def replacements(db: Work, *, most: int) -> list[tuple[Replacement, int]]:
    """The newest ones, with the number of texts that each changed."""
    number = select(func.count()).where(Replaced.replacement_id == Replacement.id).scalar_subquery()
    newest = select(Replacement, number).order_by(Replacement.made_at.desc(), Replacement.id.desc()).limit(most)
    return [(row, changed) for row, changed in db.execute(newest)]


def _says(version: Version, wanted: Wanted) -> bool:
    return wanted.is_in(version.title, version.content)
