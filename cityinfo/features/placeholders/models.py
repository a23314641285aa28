"""Tables of what texts ask of a city, and of what it answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class Placeholder(TenantOwned, Base):
    """A fact that texts may name, with what the form asks in each language. `required` ones a city should not lack."""

    __tablename__ = "placeholder"
    __table_args__ = (CheckConstraint("kind IN ('text', 'phone', 'email', 'url', 'address', 'hours')", name="kind"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    kind: Mapped[str]
    translated: Mapped[bool]
    required: Mapped[bool]
    labels: Mapped[dict[str, Any]]
    helps: Mapped[dict[str, Any]]


class PlaceholderValue(TenantOwned, Base):
    """What the city says: in a language, or in all of them where it is not translated (`language` is empty)."""

    __tablename__ = "placeholder_value"
    __table_args__ = (same_tenant("key", "placeholder.key", cascade=True),)

    key: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
