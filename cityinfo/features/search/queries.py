"""Reading what editors know of search."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, func, select

from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say

from .embeddings import Embeddings, Key, unpacked
from .models import Embedding, EmbeddingHead, SearchMiss, SynonymGroup

# Put together once: every search asks it.
_HEAD = select(EmbeddingHead.seq, EmbeddingHead.read_at).where(
    EmbeddingHead.language == bindparam("language"), EmbeddingHead.encoder == bindparam("encoder")
)
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


def embeddings(db: Work, language: str, encoder: str, known: Embeddings, kept: Collection[Key]) -> Embeddings | None:
    """What the documents of a language mean, made of what is known of those `kept`; None when nothing was read since.

    Empty unless this encoder has read them: its vectors and another's cannot be compared.
    """
    row = db.execute(_HEAD, {"language": language, "encoder": encoder}).one_or_none()
    if row is None:
        return None if known.read_at is None else Embeddings()
    if row.read_at == known.read_at:
        return None
    statement = select(Embedding.kind, Embedding.entry_id, Embedding.vectors, Embedding.passages)
    rows = db.execute(statement.where(Embedding.language == language, Embedding.seq > known.seq))
    new = {(kind, entry_id): unpacked(vectors, passages) for kind, entry_id, vectors, passages in rows}
    return known.followed(new, kept, row.seq, row.read_at)


def embedded(db: Work, language: str) -> dict[Key, str]:
    """Which documents of a language were read, with the digests of their words then."""
    statement = select(Embedding.kind, Embedding.entry_id, Embedding.digest).where(Embedding.language == language)
    return {(kind, entry_id): digest for kind, entry_id, digest in db.execute(statement)}
