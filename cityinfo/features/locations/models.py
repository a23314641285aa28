"""Tables of locations, their categories and what was imported together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.columns import SentenceJson
from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class Location(TenantOwned, Base):
    """A place in the city; its name and description are the entry's texts.

    `hours` are rules as OpenStreetMap writes `opening_hours`; exceptions, seasons and appointments stand in them.
    Its picture and the organization it belongs to stand as relations.
    """

    __tablename__ = "location"
    __table_args__ = (
        same_tenant("id", "entry.id", cascade=True),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
        CheckConstraint("NOT on_map OR latitude IS NOT NULL", name="on_map"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    street: Mapped[str]
    addition: Mapped[str]
    postal_code: Mapped[str]
    town: Mapped[str]
    country: Mapped[str]  # ISO 3166, two letters
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    on_map: Mapped[bool]
    hours: Mapped[str]
    temporarily_closed: Mapped[bool]
    appointment_url: Mapped[str]
    barrier_free: Mapped[bool | None]
    accessibility: Mapped[dict[str, Any]]


class InCategory(TenantOwned, Base):
    """A category a location is in, by its slug; the first one is what maps show."""

    __tablename__ = "location_in_category"
    __table_args__ = (
        same_tenant("location_id", "location.id", cascade=True),
        Index("ix_location_in_category_category", "tenant_id", "category"),
    )

    location_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class OwnCategory(TenantOwned, Base):
    """A category of one city, beside those that all have. `names` are kept by language, `number` is for apps.

    A `retired` one stays with what is in it, and is given to nothing else.
    """

    __tablename__ = "location_category"
    __table_args__ = (UniqueConstraint("tenant_id", "number"),)

    slug: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    names: Mapped[dict[str, Any]]
    icon: Mapped[str]
    color: Mapped[str]
    position: Mapped[int] = mapped_column(server_default=text("0"))
    retired: Mapped[bool] = mapped_column(server_default=false())


class PlatformCategory(Base):
    """A category that all cities have beside those of the release, or one of these as the platform's staff call it."""

    __tablename__ = "platform_category"

    slug: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    names: Mapped[dict[str, Any]]
    icon: Mapped[str]
    color: Mapped[str]
    retired: Mapped[bool]


class LocationImport(TenantOwned, Base):
    """One file of locations that was brought in, under a number for people.

    What a worker brings in is kept as `text` until it is done, with the `category` of rows that name none, whether it
    is a `draft`, how many rows are to come (`total`), its job, and the rows that were `refused` with the reason.
    """

    __tablename__ = "location_import"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    actor: Mapped[str]
    created_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    text: Mapped[str | None]
    category: Mapped[str | None]
    draft: Mapped[bool | None]
    total: Mapped[int | None]
    job_id: Mapped[int | None]
    refused: Mapped[dict[str, Any] | None] = mapped_column(SentenceJson)  # by number of the row: why


class Imported(TenantOwned, Base):
    """A location an import has made, what came along with it, and how it left them.

    `revision` is that of the location, `text_revision` that of each of its `text_count` texts and of its companion's.
    """

    __tablename__ = "location_imported"
    __table_args__ = (
        same_tenant("number", "location_import.number", cascade=True),
        same_tenant("location_id", "location.id", cascade=True),
    )

    location_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    revision: Mapped[int]
    text_revision: Mapped[int]
    text_count: Mapped[int | None]  # one, where it is not kept
    companion_id: Mapped[int | None]  # no foreign key: it may be gone since
