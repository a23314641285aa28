"""Tables of announcements. Global, as people are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base


class Announcement(Base):
    """What is told, in the languages of the interface, and from when to when it is shown.

    `letters_at` is when letters about it were promised in every city; empty while nobody was written to.
    """

    __tablename__ = "announcement"
    __table_args__ = (Index("ix_announcement_ends_at", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title_de: Mapped[str]
    title_en: Mapped[str]
    body_de: Mapped[str]
    body_en: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    by_mail: Mapped[bool]
    letters_at: Mapped[datetime | None]
    author: Mapped[str]
    created_at: Mapped[datetime]
    revision: Mapped[int]

    def title(self, language: str) -> str:
        return self.title_de if language == "de" else self.title_en

    def body(self, language: str) -> str:
        return self.body_de if language == "de" else self.body_en


class AnnouncementDismissed(Base):
    """That someone has read an announcement and no longer wants to see it."""

    __tablename__ = "announcement_dismissed"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


class AnnouncementLetter(Base):
    """The letter to one person, however many cities they work in. `tried_at` is when someone began to send it."""

    __tablename__ = "announcement_letter"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True, autoincrement=False)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    tried_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failure: Mapped[str]
