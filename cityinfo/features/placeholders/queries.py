"""Reading what texts ask of a city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cityinfo.features import content, tenants
from cityinfo.features.content import Text, Version
from cityinfo.kernel.db import Work

from .models import Placeholder, PlaceholderValue
from .rules import EVERY, named_in


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that is asked for, in which languages, what is said so far, and how many entries name it."""

    placeholder: Placeholder
    languages: Sequence[str]
    values: Mapping[str, str]
    uses: int

    @property
    def is_missing(self) -> bool:
        """Whether readers would notice: something required is not said in the main language."""
        return self.placeholder.required and not self.values.get(self.languages[0])


def declared(db: Work) -> Sequence[Placeholder]:
    """All that texts of this city may ask for, in order."""
    return db.scalars(select(Placeholder).order_by(Placeholder.position, Placeholder.key)).all()


def values(db: Work) -> dict[tuple[str, str], str]:
    """What the city says, by key and language."""
    return {(row.key, row.language): row.value for row in db.scalars(select(PlaceholderValue))}


def asked(db: Work) -> list[Asked]:
    """Everything the form asks for; a fixed number of statements and one pass over the texts that name something."""
    languages, said, uses = tenants.active_languages(db), values(db), Counter[str]()
    for keys in naming(db).values():
        uses.update(keys)
    found = []
    for one in declared(db):
        wanted = languages if one.translated else [EVERY]
        own = {language: said[one.key, language] for language in wanted if (one.key, language) in said}
        found.append(Asked(one, wanted, own, uses[f"facts.{one.key}"]))
    return found


def count_missing(db: Work) -> int:
    """How many facts that the city should not lack are not said in its main language."""
    root, said = tenants.root_language(db), values(db)
    wanted = ((one.key, root if one.translated else EVERY) for one in declared(db) if one.required)
    return sum(one not in said for one in wanted)


def naming(db: Work, keys: Collection[str] | None = None) -> dict[tuple[int, str], set[str]]:
    """The entries, with their kinds, whose newest or public words name placeholders (these), and which."""
    versions = select(Text.current_version_id).union(select(Text.public_version_id))
    rows = db.execute(
        select(content.Entry.id, content.Entry.kind, Version.content)
        .join(Text, Text.id == Version.text_id)
        .join(content.Entry, content.Entry.id == Text.entry_id)
        .where(Version.content.contains("{{"), Version.id.in_(versions))
    )
    found: dict[tuple[int, str], set[str]] = {}
    for entry_id, kind, words in rows:
        named = named_in(words) if keys is None else named_in(words) & set(keys)
        if named:
            found.setdefault((entry_id, kind), set()).update(named)
    return found
