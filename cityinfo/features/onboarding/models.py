"""Tables of cloning: how far a clone is, and where what it brought came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant

CONTENT, DOCUMENTS, CHECK, DONE = "content", "documents", "check", "done"  # steps, in order


class Clone(TenantOwned, Base):
    """That this city was made from another one: what was asked for, under which key, and how far that is.

    `step` is the one to do next. `seq` is the number of the city's clock when it was done: while the clock shows no
    other, nobody has changed anything since. `report` says what came.
    """

    __tablename__ = "clone"
    __table_args__ = (Index("ix_clone_key", "key"),)

    key: Mapped[str]
    source_id: Mapped[int]
    source: Mapped[str]
    choices: Mapped[dict[str, Any]]
    job_id: Mapped[int]
    step: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    seq: Mapped[int | None]
    report: Mapped[dict[str, Any]]


class Origin(TenantOwned, Base):
    """The entry of another city that an entry was made from."""

    __tablename__ = "origin"
    __table_args__ = (same_tenant("entry_id", "entry.id", cascade=True),)

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    source_entry_id: Mapped[int]


class TextOrigin(TenantOwned, Base):
    """What a text said when it came: the newest public version there, or the newest draft of one never published.

    `version_id` is the row that was carried, with references as they are here; `source_digest` is that of its words
    there.
    """

    __tablename__ = "text_origin"
    __table_args__ = (
        same_tenant("entry_id", "origin.entry_id", cascade=True),
        same_tenant("version_id", "version.id", cascade=True),
        Index("ix_text_origin_version", "tenant_id", "version_id"),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(primary_key=True)
    version_id: Mapped[int]
    source_version_id: Mapped[int]
    source_digest: Mapped[str]
