"""Tables of comments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant


class Thread(TenantOwned, Base):
    """What is said about a text, or about a passage of it, one comment after the other.

    It belongs to an entry and a language, whether that text has words yet or not. The passage is kept as its words
    (`quote`) and those beside them; without one they are empty. The comment that opened it has its identity.
    """

    __tablename__ = "comment_thread"
    __table_args__ = (
        same_tenant("entry_id", "entry.id", cascade=True),
        Index("ix_comment_thread_text", "tenant_id", "entry_id", "language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int]
    language: Mapped[str]
    quote: Mapped[str]
    words_before: Mapped[str]
    words_after: Mapped[str]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str]


class Comment(TenantOwned, Base):
    """Something one person said in a thread."""

    __tablename__ = "comment"
    __table_args__ = (
        same_tenant("thread_id", "comment_thread.id", cascade=True),
        Index("ix_comment_thread_id", "tenant_id", "thread_id"),
        Index("ix_comment_author", "tenant_id", "author"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    thread_id: Mapped[int]
    author: Mapped[str]
    words: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]


class Mention(TenantOwned, Base):
    """Someone whom a comment is meant for, as the audit log names them."""

    __tablename__ = "comment_mention"
    __table_args__ = (
        same_tenant("comment_id", "comment.id", cascade=True),
        Index("ix_comment_mention_person", "tenant_id", "person"),
    )

    comment_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[str] = mapped_column(primary_key=True)
