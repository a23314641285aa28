"""Table of the API's tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned


class ApiToken(TenantOwned, Base):
    """A secret, of which only the digest is kept, and what its holder may do with which entries.

    Without `kinds` all, without `subtree` the whole city. `count` is how often it was used in the minute that began at
    `counted_from`.
    """

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("tenant_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    digest: Mapped[str]
    scopes: Mapped[list[str]]
    kinds: Mapped[list[str]]
    subtree: Mapped[list[int]]
    reviewed: Mapped[bool]
    per_minute: Mapped[int]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    counted_from: Mapped[datetime | None]
    count: Mapped[int]
