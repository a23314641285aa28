"""What a city insists on."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned


class Gate(TenantOwned, Base):
    """A flaw with which no text is published in this city. `most_year` belongs to readability alone."""

    __tablename__ = "quality_gate"

    flaw: Mapped[str] = mapped_column(primary_key=True)
    most_year: Mapped[int | None]
