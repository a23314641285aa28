"""Table of the imprint."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class Imprint(TenantOwned, Base):
    """The city's one imprint; its words are the entry's texts."""

    __tablename__ = "imprint"
    __table_args__ = (same_tenant("id", "entry.id", cascade=True), UniqueConstraint("tenant_id"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
