"""Tables of events, of occurrences that differ from their series, and of calendars that are imported."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.columns import SentenceJson, SentenceText
from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class Event(TenantOwned, Base):
    """Something that takes place, once or repeatedly; its words are the entry's texts.

    All times are written as the clock on the wall shows them in `time_zone` (`2026-11-24T18:00:00`): what begins at six
    in summer begins at six in winter. An event that lasts all day ends at the midnight after its last day. `rules` are
    RRULEs whose UNTIL is such a time too, `dates` and `exceptions` further and cancelled beginnings.
    """

    __tablename__ = "event"
    __table_args__ = (same_tenant("id", "entry.id", cascade=True),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starts: Mapped[str]
    ends: Mapped[str]
    time_zone: Mapped[str]
    all_day: Mapped[bool]
    only_weekdays: Mapped[bool]
    rules: Mapped[list[str]]
    dates: Mapped[list[str]]
    exceptions: Mapped[list[str]]
    categories: Mapped[list[str]]
    meeting_url: Mapped[str]
    registration_url: Mapped[str]
    uid: Mapped[str]  # as calendars know it; empty for our own, whose identity makes one
    sequence: Mapped[int]


class EventOverride(TenantOwned, Base):
    """One occurrence of a series that takes place at another time, or not at all.

    `recurrence_id` is when the series would have it begin. Without times it is cancelled.
    """

    __tablename__ = "event_override"
    __table_args__ = (same_tenant("event_id", "event.id", cascade=True),)

    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recurrence_id: Mapped[str] = mapped_column(primary_key=True)
    starts: Mapped[str]
    ends: Mapped[str]


class ChangedOccurrence(TenantOwned, Base):
    """One occurrence of a series with words or a place of its own: an entry, whose words are its texts.

    `elsewhere` says that it takes place at the entry's own location or `meeting_url`, whatever its series says.
    """

    __tablename__ = "changed_occurrence"
    __table_args__ = (
        same_tenant("id", "entry.id", cascade=True),
        same_tenant("event_id", "event.id", cascade=True),
        UniqueConstraint("tenant_id", "event_id", "recurrence_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int]
    recurrence_id: Mapped[str]
    elsewhere: Mapped[bool]
    meeting_url: Mapped[str]


class ExternalCalendar(TenantOwned, Base):
    """A calendar elsewhere whose events are taken over every night, unless it is paused.

    `category` takes only events of that category, empty takes all. `location_id` is where everything takes place; None
    leaves the place as words in the text. `last_result` counts what the last run did and names what it left out; `runs`
    are the last ones, newest first, each with when it was (`at`), its `error`, or such a result.
    """

    __tablename__ = "external_calendar"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    address: Mapped[str]
    category: Mapped[str]
    language: Mapped[str]
    paused: Mapped[bool]
    location_id: Mapped[int | None]  # no foreign key: when it was deleted, the next run says so
    revision: Mapped[int]
    last_run_at: Mapped[datetime | None]
    last_result: Mapped[dict[str, Any]] = mapped_column(SentenceJson)
    last_error: Mapped[str] = mapped_column(SentenceText)
    runs: Mapped[list[dict[str, Any]]] = mapped_column(SentenceJson)


class ExternalEvent(TenantOwned, Base):
    """Which event of a calendar became which event here, and what the calendar last said of it."""

    __tablename__ = "external_event"
    __table_args__ = (
        same_tenant("calendar_id", "external_calendar.id", cascade=True),
        same_tenant("event_id", "event.id", cascade=True),
        Index("ix_external_event_event", "tenant_id", "event_id"),
    )

    calendar_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    uid: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[int]
    sequence: Mapped[int]
    said: Mapped[dict[str, Any]]
    withdrawn: Mapped[bool]


class RefusedEvent(TenantOwned, Base):
    """An event of a calendar that an editor deleted here: it stays away until someone takes it back."""

    __tablename__ = "refused_event"
    __table_args__ = (same_tenant("calendar_id", "external_calendar.id", cascade=True),)

    calendar_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    uid: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    refused_at: Mapped[datetime]
