"""Tables of files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class MediaFile(TenantOwned, Base):
    """A picture, a document or a recording, under the identity of its entry.

    The entry's texts are what it says in words: the title is the alternative text of a picture or the name of a
    document, the content a transcript. `key` names the bytes, by their digest; `renditions` are smaller copies of a
    picture, each with `key`, `type`, `width` and `height`. `sought` is the name as searches compare it.
    """

    __tablename__ = "media_file"
    __table_args__ = (
        same_tenant("id", "entry.id", cascade=True),
        Index("ix_media_file_folder", "tenant_id", "folder"),
        Index("ix_media_file_key", "tenant_id", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    folder: Mapped[str]  # names from the top down, joined by slashes; empty at the top
    name: Mapped[str]
    sought: Mapped[str]
    key: Mapped[str]
    type: Mapped[str]
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    focal_x: Mapped[float]
    focal_y: Mapped[float]
    renditions: Mapped[dict[str, Any]]


class MediaQuota(TenantOwned, Base):
    """How many bytes a city may keep, when it is not what all may."""

    __tablename__ = "media_quota"

    bytes: Mapped[int]


class PlatformFile(Base):
    """A file that the platform offers to all cities. A city takes a copy; nothing leads from it to this row."""

    __tablename__ = "platform_file"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    key: Mapped[str]
    type: Mapped[str]
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    words: Mapped[dict[str, Any]]  # by language: `title` and `transcript`
    offered_by: Mapped[str]
    offered_at: Mapped[datetime]
