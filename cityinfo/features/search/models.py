"""Tables of search: what a city calls the same, and what nobody found."""

from __future__ import annotations

from datetime import date

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
