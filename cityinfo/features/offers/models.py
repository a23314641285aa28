"""Tables of offers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class Offer(TenantOwned, Base):
    """A service, course, benefit or the like. Who may use it and how stand in the entry's texts, in marked sections.

    Who provides it and where it is available stand as relations. Costs are cents; both empty: not stated, both 0: free.
    `schedule` holds weekly slots under `items`.
    """

    __tablename__ = "offer"
    __table_args__ = (
        same_tenant("id", "entry.id", cascade=True),
        CheckConstraint("sort IN ('service', 'course', 'benefit', 'funding', 'volunteering', 'link')", name="sort"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sort: Mapped[str]
    audiences: Mapped[list[str]]
    spoken: Mapped[list[str]]
    age_from: Mapped[int | None]
    age_to: Mapped[int | None]
    cost_from: Mapped[int | None]
    cost_to: Mapped[int | None]
    schedule: Mapped[dict[str, Any]]
    deadline: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    link: Mapped[str]
    appointment: Mapped[str]


class ExternalOffer(TenantOwned, Base):
    """An offer of another system that the city has switched on; `address` is its own if the template asks for one."""

    __tablename__ = "external_offer"

    alias: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str]
    position: Mapped[int]


class OfferTemplate(Base):
    """An offer of another system that every city can switch on, beside those of the release or instead of one of them.

    The columns are those of `rules.External`. A `retired` one stays on where it is, and is offered to no other city.
    """

    __tablename__ = "offer_template"

    alias: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    thumbnail: Mapped[str]
    postal_code: Mapped[str]
    post: Mapped[dict[str, Any]]
    asks_for: Mapped[str]
    retired: Mapped[bool]
