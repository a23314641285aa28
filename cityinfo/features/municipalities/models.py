"""The table of municipalities. Global: it says nothing of any city on this service."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base


class Municipality(Base):
    """A municipality, an association of them or a district, as the public directory has it.

    `region` is its key of twelve digits (ARS), `official_key` the one it is known by: eight digits (AGS), or the former
    for associations, which have no other. `prefix` is what stands before the name. `postal_code` is that of the seat
    alone. `sought` is the name as it is looked for.
    """

    __tablename__ = "municipality"
    __table_args__ = (Index("ix_municipality_sought", "sought"),)

    region: Mapped[str] = mapped_column(primary_key=True)
    official_key: Mapped[str]
    name: Mapped[str]
    prefix: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    postal_code: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    sought: Mapped[str]

    @property
    def full_name(self) -> str:
        return f"{self.prefix} {self.name}".strip()
