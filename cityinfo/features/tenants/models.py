"""Tables of tenants and their languages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned
from cityinfo.kernel.policies import SEALED

ACTIVE, HIDDEN, ARCHIVED = "active", "hidden", "archived"


class Tenant(Base):
    """One municipality's space. Public facts only: what belongs to its administration stands in tenant-owned tables.

    `languages` repeats the visible part of the language tree in its order, `active_languages` all that can be read, so
    that a list of all cities and every reader's request need this table alone.
    """

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'hidden', 'archived')", name="status"),
        {"info": {"tenant_column": "id", "readable": True, "permanent": True, "unless": SEALED}},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    prefix: Mapped[str]
    official_key: Mapped[str]
    status: Mapped[str]
    time_zone: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    bounding_box: Mapped[list[list[float]]]
    postal_codes: Mapped[list[str]]
    aliases: Mapped[dict[str, Any]]
    features: Mapped[dict[str, Any]]
    languages: Mapped[list[str]]
    active_languages: Mapped[list[str]]
    app_url: Mapped[str]
    theme: Mapped[dict[str, Any] | None]  # as `rules.Theme`, what is empty left out

    @property
    def full_name(self) -> str:
        return f"{self.prefix} {self.name}".strip()


class Language(Base):
    """The registry of languages, the same for all tenants. What was changed by hand is `kept` as it is by releases."""

    __tablename__ = "language"

    slug: Mapped[str] = mapped_column(primary_key=True)
    bcp47: Mapped[str] = mapped_column(unique=True)
    native_name: Mapped[str]
    name_de: Mapped[str]
    name_en: Mapped[str]
    direction: Mapped[str]
    kept: Mapped[bool] = mapped_column(server_default=false())


class TenantLanguage(TenantOwned, Base):
    """A language in a tenant's tree. `source` is what its translations are made from; the root has none."""

    __tablename__ = "tenant_language"

    language: Mapped[str] = mapped_column(ForeignKey("language.slug"), primary_key=True)
    source: Mapped[str | None]
    visible: Mapped[bool]
    active: Mapped[bool]
    position: Mapped[int]


class Directory(Base):
    """One row: a number that grows whenever a public fact of any tenant changes."""

    __tablename__ = "directory"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
