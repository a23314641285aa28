"""Reading what editors know of search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say

from .models import SearchMiss, SynonymGroup

LEAST_COUNT = 3  # what fewer people than that may have typed could be about one of them


@dataclass(frozen=True, slots=True)
class Missed:
    """A query that found too little, how often, and when last."""

    language: str
    query: str
    count: int
    last: date


def synonym_group(db: Work, group_id: int) -> SynonymGroup:
    """The group; `NotFound` when there is none."""
    group = db.get(SynonymGroup, (db.tenant_id, group_id))
    if group is None:
        raise NotFound("synonyms.unknown", say("There are no synonyms {group_id}.", group_id=group_id))
    return group


def synonym_groups(db: Work, language: str | None = None) -> Sequence[SynonymGroup]:
    """A city's own groups, of one language or all, oldest first."""
    statement = select(SynonymGroup).order_by(SynonymGroup.id)
    return db.scalars(statement if language is None else statement.where(SynonymGroup.language == language)).all()


def missed(db: Work, since: date, *, language: str | None = None, least: int = LEAST_COUNT) -> list[Missed]:
    """What readers looked for in vain since a day, most often first; nothing that was asked less than `least` times."""
    times = func.sum(SearchMiss.count)
    statement = (
        select(SearchMiss.language, SearchMiss.query, times, func.max(SearchMiss.day))
        .where(SearchMiss.day >= since)
        .group_by(SearchMiss.language, SearchMiss.query)
        .having(times >= least)
        .order_by(times.desc(), SearchMiss.query, SearchMiss.language)
    )
    if language is not None:
        statement = statement.where(SearchMiss.language == language)
    return [Missed(language, query, int(count), last) for language, query, count, last in db.execute(statement)]
