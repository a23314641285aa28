"""What only people know of a new city."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped

from cityinfo.kernel.db import Base, TenantOwned


class Opening(TenantOwned, Base):
    """That someone looked at the city on a phone, and that it was shown to readers for the first time.

    Everything else of the checklist is computed from what is in the city.
    """

    __tablename__ = "opening"

    tested_at: Mapped[datetime | None]
    tested_by: Mapped[str]
    shown_at: Mapped[datetime | None]
    shown_by: Mapped[str]
