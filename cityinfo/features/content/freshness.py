"""Where texts stand against their sources: computed from their versions, and kept where whole cities are searched.

`states` is the definition. What it says stands in every text too, noted in the unit of work that changes a version or
the language tree, so that a list or a sum of all texts reads no versions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, select, update
from sqlalchemy.orm import aliased

from cityinfo.features import tenants
from cityinfo.features.tenants import LanguagesChanged
from cityinfo.kernel.db import Work
from cityinfo.kernel.listing import portions

from . import rules
from .facts import ContentChanged, TextConfirmed, TextPublished, TextSaved, TextTakenOffline
from .models import MACHINE, Entry, Text, Version

Key = tuple[int, str]  # entry and language
# After these an entry's texts may stand elsewhere than before.
_MOVING = (TextSaved, TextPublished, TextConfirmed, TextTakenOffline)


@dataclass(frozen=True, slots=True)
class Condition:
    """Where a text stands: against its source, on its way to readers, and in review."""

    state: rules.State
    stage: rules.Stage
    review: str


# `rules.stage` as the database says it.
STAGE = case(
    (Text.public_version_id.is_(None), rules.Stage.DRAFT.value),
    (Text.public_version_id == Text.current_version_id, rules.Stage.PUBLIC.value),
    else_=rules.Stage.CHANGED.value,
)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What freshness reads of one text."""

    text_id: int
    kept: str
    in_translation: bool
    origin: str
    shown: rules.SourceVersion | None
    shown_of: int | None
    public: rules.SourceVersion | None
    last_major: int


def states(db: Work, entry_ids: Collection[int]) -> dict[tuple[int, str], rules.State]:
    """Where every text of these entries stands, missing ones included, by entry and active language.

    Runs one statement for every 500 entries, whatever their number of versions.
    """
    tree = tenants.active_sources(db)
    found: dict[tuple[int, str], rules.State] = {}
    for ids in portions(entry_ids):
        facts = _facts(db, Text.entry_id.in_(ids))
        found.update({(entry, language): _state(facts, entry, language, tree) for entry in ids for language in tree})
    return found


def conditions(
    db: Work, languages: Collection[str], *which: ColumnElement[bool]
) -> tuple[dict[int, str], dict[tuple[int, str], Condition]]:
    """The entries of these that are not archived, with their kinds, and where each of their texts stands.

    Two statements, whatever the number of entries: they read what is kept.
    """
    alive = (*which, Entry.archived_at.is_(None))
    statement = (
        select(Text.entry_id, Text.language, Text.state, STAGE, Text.review_state)
        .join(Entry, Entry.id == Text.entry_id)
        .where(*alive, Text.language.in_(languages))
    )
    entries = db.execute(select(Entry.id, Entry.kind).where(*alive).order_by(Entry.id))
    kinds = {row.id: row.kind for row in entries}
    return kinds, {(entry, language): _condition(*said) for entry, language, *said in db.execute(statement)}


def count_conditions(db: Work, *which: ColumnElement[bool]) -> dict[str, Counter[Condition | None]]:
    """How many texts of some entries stand where, by active language.

    None counts those that could be translated from the source of a language and are not. One statement, which reads
    what is kept.
    """
    sources = tenants.active_sources(db)
    found: dict[str, Counter[Condition | None]] = {language: Counter() for language in sources}
    alone = Counter[str]()
    for language, is_translated, number, *said in db.execute(_counted(sources).where(*which)):
        found[language][_condition(*said)] += number
        alone[language] += 0 if is_translated else number
    written = {language: counts.total() for language, counts in found.items()}
    for language, source in sources.items():
        missing = written.get(source or "", 0) - (written[language] - alone[language])
        found[language] += Counter({None: missing})  # leaves out what there is none of
    return found


def _counted(sources: Mapping[str, str | None]) -> Select[*tuple[Any, ...]]:
    """Texts in these languages by where they stand, and by whether there is one in their source."""
    source = aliased(Text)
    of_language = case({one: its or "" for one, its in sources.items()}, value=Text.language, else_="")
    parts = (Text.language, source.id.is_not(None), Text.state, STAGE, Text.review_state)
    return (
        select(*parts[:2], func.count(), *parts[2:])
        .join(Entry, Entry.id == Text.entry_id)
        .outerjoin(source, (source.entry_id == Text.entry_id) & (source.language == of_language))
        .where(Text.language.in_(sources))
        .group_by(*parts)
    )


@lru_cache(maxsize=100)  # there are fewer of them
def _condition(state: str, stage: str, review: str) -> Condition:
    return Condition(rules.State(state), rules.Stage(stage), review)


def keep_states(db: Work, told: Sequence[ContentChanged]) -> None:
    """Note where the texts of entries stand that have other versions now, or show others to readers."""
    changed = {fact.entry_id for fact in told if isinstance(fact, _MOVING)}
    for ids in portions(changed):
        _keep(db, _facts(db, Text.entry_id.in_(ids)))


def follow_languages(db: Work, _told: Sequence[LanguagesChanged]) -> None:
    """The same of all texts of a city: they may be translated from other languages now."""
    _keep(db, _all_facts(db))


def _keep(db: Work, facts: Mapping[Key, _Facts]) -> None:
    sources = {language: row.source for language, row in tenants.tree(db).items()}
    changed: dict[rules.State, list[int]] = {}
    for (entry, language), own in facts.items():
        state = _state(facts, entry, language, sources)
        if state != own.kept:
            changed.setdefault(state, []).append(own.text_id)
    for state, text_ids in changed.items():
        for ids in portions(text_ids):
            db.execute(update(Text).where(Text.id.in_(ids)).values(state=state.value))


def _all_facts(db: Work) -> dict[Key, _Facts]:
    """Those of a whole city, joined here: PostgreSQL has no statistics of one that has just been written, and compares
    every text with every version."""
    own = (Text.id, Text.state, Text.in_translation_since, Text.current_version_id, Text.public_version_id)
    texts = db.execute(select(Text.entry_id, Text.language, *own)).all()
    versions = _versions(db, {one for row in texts for one in row[-2:] if one is not None})
    versions |= _versions(db, {one.based_on for one in versions.values() if one.based_on is not None} - versions.keys())
    shown = {row.id: versions[row.public_version_id].number for row in texts if row.public_version_id}
    majors: dict[int, int] = {}
    for text_id, number in db.execute(select(Version.text_id, Version.number).where(Version.minor.is_(False))):
        if number <= shown.get(text_id, 0):
            majors[text_id] = max(number, majors.get(text_id, 0))
    found: dict[Key, _Facts] = {}
    for entry_id, language, text_id, state, since, current_id, public_id in texts:
        current, public = versions.get(current_id or 0), versions.get(public_id or 0)
        if current is not None:
            based_on = versions.get(current.based_on or 0)
            of_source = (based_on.number, based_on.digest, based_on.text_id) if based_on else (None, None, None)
            of_public = (public.number, public.digest) if public else (None, None)
            facts = (text_id, state, since, current.origin, *of_source, *of_public, majors.get(text_id))
            found[entry_id, language] = _read(*facts)
    return found


class _Version(NamedTuple):
    id: int
    text_id: int
    number: int
    digest: str
    origin: str
    based_on: int | None


def _versions(db: Work, version_ids: Collection[int]) -> dict[int, _Version]:
    table, found = Version, dict[int, _Version]()
    columns = (table.id, table.text_id, table.number, table.digest, table.origin, table.based_on_id)
    for ids in portions(version_ids):
        found.update({row[0]: _Version(*row) for row in db.execute(select(*columns).where(table.id.in_(ids)))})
    return found


def _facts(db: Work, *which: ColumnElement[bool]) -> dict[Key, _Facts]:
    return {(row[0], row[1]): _read(*row[2:]) for row in db.execute(_statement().where(*which)) if row.origin}


@cache  # to put it together takes longer than to run it
def _statement() -> Select[Any]:
    current, public, shown, major = (aliased(Version) for _ in range(4))
    last_major = select(func.max(major.number)).where(
        major.text_id == Text.id, major.minor.is_(False), major.number <= public.number
    )
    # Outer joins keep their order: without statistics SQLite would go from every version to its text.
    return (
        select(
            *(Text.entry_id, Text.language, Text.id, Text.state, Text.in_translation_since, current.origin),
            *(shown.number, shown.digest, shown.text_id, public.number, public.digest, last_major.scalar_subquery()),
        )
        .outerjoin(current, current.id == Text.current_version_id)
        .outerjoin(public, public.id == Text.public_version_id)
        .outerjoin(shown, shown.id == current.based_on_id)
    )


def _read(text_id: int, kept: str, since: Any, origin: str, *versions: Any) -> _Facts:
    shown_number, shown_digest, shown_of, public_number, public_digest, last_major = versions
    return _Facts(
        text_id=text_id,
        kept=kept,
        in_translation=since is not None,
        origin=origin,
        shown=None if shown_number is None else rules.SourceVersion(shown_number, shown_digest),
        shown_of=shown_of,
        public=None if public_number is None else rules.SourceVersion(public_number, public_digest),
        last_major=last_major or 0,
    )


def _state(facts: Mapping[Key, _Facts], entry: int, language: str, tree: Mapping[str, str | None]) -> rules.State:
    own, source = facts.get((entry, language)), facts.get((entry, tree[language] or ""))
    return rules.state(
        exists=own is not None,
        is_root=tree[language] is None,
        in_translation=own is not None and own.in_translation,
        outdated=own is not None and source is not None and _is_outdated(own, source),
        machine_made=own is not None and own.origin == MACHINE,
        falls_back=False,
    )


def _is_outdated(own: _Facts, source: _Facts) -> bool:
    # What was shown may be of a language that was the source before; its numbers say nothing about this one.
    shown = own.shown if own.shown_of == source.text_id else None
    return rules.is_outdated(shown, source.public, last_major=source.last_major)
