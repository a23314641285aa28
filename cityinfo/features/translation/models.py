"""Table of what translators have said of single passages."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class SaidPassage(TenantOwned, Base):
    """These words of a translation stand for those of its source, both by digest; see `alignment.Said`."""

    __tablename__ = "said_passage"
    __table_args__ = (same_tenant("text_id", "text.id", cascade=True),)

    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    target: Mapped[str]
    settled: Mapped[bool]
