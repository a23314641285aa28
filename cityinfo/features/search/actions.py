"""What editors change about search, and the counting of what was not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from cityinfo.features import tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import facts, queries, rules
from .models import SearchMiss, SynonymGroup

KIND = "synonyms"
MOST_GROUPS = 500  # of a city
MOST_MISSES = 500  # different queries of a city that are counted on one day


def add_synonyms(db: Work, language: str, words: Sequence[str], *, actor: Actor) -> SynonymGroup:
    """A new group of words that mean the same; searches know it at once."""
    if language not in tenants.tree(db):
        raise Invalid("language.unknown", say("This city has no language “{language}”.", language=language[:50]))
    if (db.scalar(select(func.count()).select_from(SynonymGroup)) or 0) >= MOST_GROUPS:
        raise Invalid("synonyms.many", say("A city has at most {most} groups; remove one first.", most=MOST_GROUPS))
    group = SynonymGroup(id=db.new_id(), language=language, revision=1, words=rules.check_group(words))
    db.add(group)
    db.flush()
    tell(db, facts.SynonymsAdded(**_about(group, actor), after=digest(group.words)))
    return group


def change_synonyms(db: Work, group_id: int, words: Sequence[str], *, revision: int, actor: Actor) -> SynonymGroup:
    """Other words for a group. `Conflict` when someone changed it since this revision."""
    group = _at(db, group_id, revision)
    before, group.words = digest(group.words), rules.check_group(words)
    group.revision += 1
    db.flush()
    tell(db, facts.SynonymsChanged(**_about(group, actor), before=before, after=digest(group.words)))
    return group


def remove_synonyms(db: Work, group_id: int, *, revision: int, actor: Actor) -> None:
    """Forget a group. `Conflict` when someone changed it since this revision."""
    group = _at(db, group_id, revision)
    db.delete(group)
    db.flush()
    tell(db, facts.SynonymsRemoved(**_about(group, actor), before=digest(group.words)))


def count_misses(db: Work, day: date, misses: Mapping[tuple[str, str], int]) -> None:
    """Add to how often queries (language and query) missed on a day. Belongs into a unit of work without a number.

    What goes beyond the number of different queries counted on one day is dropped.
    """
    known = db.scalar(select(func.count()).select_from(SearchMiss).where(SearchMiss.day == day)) or 0
    for (language, query), times in sorted(misses.items()):
        if not _added(db, day, language, query, times) and known < MOST_MISSES:
            known += 1
            _first(db, day, language, query, times)


def delete_old_misses(db: Work, before: date) -> int:
    """Forget what was missed before a day; returns how many rows it was."""
    gone: int = db.execute(delete(SearchMiss).where(SearchMiss.day < before)).rowcount  # type: ignore[attr-defined]
    return gone


def _at(db: Work, group_id: int, revision: int) -> SynonymGroup:
    group = queries.synonym_group(db, group_id)
    if group.revision != revision:
        raise Conflict(
            "synonyms.conflict", "Someone else changed these words in between; look again.", revision=group.revision
        )
    return group


def _about(group: SynonymGroup, actor: Actor) -> dict[str, Any]:
    return {"actor": actor, "kind": KIND, "entry_id": group.id, "language": group.language}


def _added(db: Work, day: date, language: str, query: str, times: int) -> bool:
    statement = (
        update(SearchMiss)
        .where(SearchMiss.day == day, SearchMiss.language == language, SearchMiss.query == query)
        .values(count=SearchMiss.count + times)
    )
    return bool(db.execute(statement, execution_options={"synchronize_session": False}).rowcount)  # type: ignore[attr-defined]


def _first(db: Work, day: date, language: str, query: str, times: int) -> None:
    try:
        with db.begin_nested():
            db.add(SearchMiss(day=day, language=language, query=query, count=times))
    except IntegrityError:  # another worker counted it first
        _added(db, day, language, query, times)
