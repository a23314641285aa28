"""The table of how cities are doing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped

from cityinfo.kernel.db import Base, TenantOwned


class TenantCondition(TenantOwned, Base):
    """What was counted in a city at `measured_at`: one row, so that all cities can be listed without entering any.

    `texts` are translations that there should be, of which so many are `current`, `outdated` or `missing`.
    `media_quota` is empty where the city has the same space for files as all others, `steps_left` where it was opened.
    """

    __tablename__ = "tenant_condition"

    measured_at: Mapped[datetime]
    texts: Mapped[int]
    current: Mapped[int]
    outdated: Mapped[int]
    missing: Mapped[int]
    waiting: Mapped[int]
    calendars_broken: Mapped[int]
    jobs_failed: Mapped[int]
    webhooks_failing: Mapped[int]
    managers: Mapped[int]
    entries: Mapped[int]
    pages_public: Mapped[int]
    media_bytes: Mapped[int]
    media_quota: Mapped[int | None]
    edited_at: Mapped[datetime | None]
    steps_left: Mapped[int | None]
