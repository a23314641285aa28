"""Tables of the published read model. Readers are answered from these alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned

EVERY_LANGUAGE = ""  # language of documents that are the same in all of them
_OUTLINE = "outline_"


def outline_kind(kind: str) -> str:
    """Kind of the documents that hold parents and slugs of a kind's entries in all languages."""
    return _OUTLINE + kind


def is_outline(kind: str) -> bool:
    return kind.startswith(_OUTLINE)


class Published(TenantOwned, Base):
    """What the public sees of an entry in a language: one JSON object, its digest and the number it was written under.

    `removed` rows have no payload; they tell followers of the feed that the document is gone.
    """

    __tablename__ = "published"
    __table_args__ = (Index("ix_published_feed", "tenant_id", "language", "seq"),)

    language: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    digest: Mapped[str]
    payload: Mapped[bytes | None]
    removed: Mapped[bool]
    published_at: Mapped[datetime]


class Head(TenantOwned, Base):
    """The last number that touched the documents of a kind in a language."""

    __tablename__ = "head"

    language: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]


class Due(TenantOwned, Base):
    """Something that will change by itself: the worker looks at the entry when the moment has come."""

    __tablename__ = "due"
    __table_args__ = (Index("ix_due_at", "at"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(primary_key=True)
