"""Tables of moving in: where a city comes from, what came last of each thing, and what each run did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.columns import SentenceJson
from cityinfo.kernel.db import Base, TenantOwned

_OUTCOMES = "outcome IN ('new', 'changed', 'same', 'left', 'gone')"


class MoveIn(TenantOwned, Base):
    """That this city comes from another system. `source` is an address or a folder, `hosts` are names of its server.

    `last` is what came last of the city itself: its facts, its offers, and the order of its pages. Once `switched_at`
    is set, the city is written here and nothing comes any more.
    """

    __tablename__ = "move_in"

    source: Mapped[str]
    region: Mapped[str]
    hosts: Mapped[list[str]]
    last: Mapped[dict[str, Any]]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    switched_at: Mapped[datetime | None]


class MoveInRun(TenantOwned, Base):
    """One run, under a number for people. It is going on while `ended_at` is empty and its job has not ended."""

    __tablename__ = "move_in_run"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    job_id: Mapped[int]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any]] = mapped_column(SentenceJson)


class MovedEntry(TenantOwned, Base):
    """An entry that came. `there` is the digest of its facts as they last came, `here` that of what became of them.

    `run` is the last one in which something became of it, `outcome` what. The entry may have been deleted since.
    """

    __tablename__ = "moved_entry"
    __table_args__ = (
        CheckConstraint(_OUTCOMES, name="outcome"),
        Index("uq_moved_entry_key", "tenant_id", "kind", "key", unique=True),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    key: Mapped[str]
    there: Mapped[str]
    here: Mapped[str]
    run: Mapped[int]
    outcome: Mapped[str]


class MovedText(TenantOwned, Base):
    """A text that came, under its identity there. `version_id` is what was made of it: while that is the newest one
    here, nobody has edited it.
    """

    __tablename__ = "moved_text"
    __table_args__ = (
        CheckConstraint(_OUTCOMES, name="outcome"),
        Index("ix_moved_text_source", "tenant_id", "kind", "language", "source"),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source: Mapped[str]
    there: Mapped[str]
    version_id: Mapped[int]
    run: Mapped[int]
    outcome: Mapped[str]


class MovedFile(TenantOwned, Base):
    """A file of the old server, by its address: what it is here, or why it cannot be had."""

    __tablename__ = "moved_file"

    address: Mapped[str] = mapped_column(primary_key=True)
    media_id: Mapped[int | None]
    run: Mapped[int]
    failure: Mapped[dict[str, Any]] = mapped_column(SentenceJson)
