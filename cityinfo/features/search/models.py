"""Tables of search: what a city calls the same, what nobody found, and what texts mean."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned


class SynonymGroup(TenantOwned, Base):
    """Words of one language that mean the same in this city."""

    __tablename__ = "synonym_group"
    __table_args__ = (Index("ix_synonym_group_language", "tenant_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str]
    revision: Mapped[int]
    words: Mapped[list[str]]


class SearchMiss(TenantOwned, Base):
    """How often a query found nothing, or hardly anything, on one day. It says nothing of who asked."""

    __tablename__ = "search_miss"
    __table_args__ = (Index("ix_search_miss_day", "day"),)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class Embedding(TenantOwned, Base):
    """What a published document means: vectors of its passages, one after the other (`embeddings.packed`).

    `seq` is the number of the city's clock up to which was read when they were written, `digest` that of the words.
    """

    __tablename__ = "embedding"

    language: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    digest: Mapped[str]
    passages: Mapped[int]
    vectors: Mapped[bytes]


class EmbeddingHead(TenantOwned, Base):
    """Up to which number of a city's clock the documents of a language were read, in which epoch, by whom and when."""

    __tablename__ = "embedding_head"

    language: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    seq: Mapped[int]
    encoder: Mapped[str]
    read_at: Mapped[datetime]
