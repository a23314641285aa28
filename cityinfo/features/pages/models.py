"""Table of the page tree."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant

# Fractional positions are compared byte by byte; a database's own collation would order them otherwise.
Position = String().with_variant(String(collation="C"), "postgresql")


class Page(TenantOwned, Base):
    """A node of the tree, under the identity of its entry; its words are the entry's texts.

    A mirrored page shows another page's live text before or after its own.
    """

    __tablename__ = "page"
    __table_args__ = (
        same_tenant("id", "entry.id", cascade=True),
        same_tenant("parent_id", "page.id"),
        same_tenant("mirrors_id", "page.id"),
        Index("ix_page_parent", "tenant_id", "parent_id"),
        Index("ix_page_mirrors", "tenant_id", "mirrors_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parent_id: Mapped[int | None]
    position: Mapped[str] = mapped_column(Position)
    mirrors_id: Mapped[int | None]
    mirrored_first: Mapped[bool]
    thumbnail: Mapped[str]


class EmbeddedOffer(TenantOwned, Base):
    """An offer of another system that apps show on a page."""

    __tablename__ = "embedded_offer"
    __table_args__ = (same_tenant("page_id", "page.id", cascade=True),)

    page_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    alias: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
