"""Tables of contact points."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class Contact(TenantOwned, Base):
    """Whom to turn to. What the contact is responsible for is the entry's title, more about it the entry's text.

    Without hours of its own it has those of its location. Location and organization stand as relations.
    """

    __tablename__ = "contact"
    __table_args__ = (same_tenant("id", "entry.id", cascade=True),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    phone: Mapped[str]  # in international form, as mobile
    mobile: Mapped[str]
    email: Mapped[str]
    website: Mapped[str]
    appointment_url: Mapped[str]
    hours: Mapped[str]
    is_primary: Mapped[bool]
