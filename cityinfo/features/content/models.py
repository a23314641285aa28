"""Tables of what all content shares: entries, texts, versions, addresses, references."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant

HUMAN, MACHINE, IMPORTED = "human", "machine", "import"
CURRENT, RESERVED, FORMER, RETURNING = "current", "reserved", "former", "returning"
REQUESTED, RETURNED = "requested", "returned"  # states of review
LINK = "link"  # role of a reference that shows nothing of where it leads


class Entry(TenantOwned, Base):
    """A piece of content of some type. What a type adds stands in the type's own table under the same identity.

    `name` is what archives of the tenant call it, among its siblings; empty until one was applied.
    """

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "v3_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    revision: Mapped[int]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]  # when what stands beside the words last changed
    archived_at: Mapped[datetime | None]
    v3_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(server_default=text("''"), default="")


class Text(TenantOwned, Base):
    """An entry's words in one language: which version editors see, which one readers see.

    `state` repeats what `freshness.states` computes of the versions, so that all texts can be searched by it.
    """

    __tablename__ = "text"
    __table_args__ = (
        same_tenant("entry_id", "entry.id", cascade=True),
        same_tenant("current_version_id", "version.id", use_alter=True),
        same_tenant("public_version_id", "version.id", use_alter=True),
        UniqueConstraint("tenant_id", "entry_id", "language"),
        UniqueConstraint("tenant_id", "v3_id"),
        CheckConstraint("review_state IN ('', 'requested', 'returned')", name="review_state"),
        CheckConstraint("state IN ('up_to_date', 'outdated', 'in_translation', 'machine_made')", name="state"),
        # Foreign keys are looked up from the other side when versions are deleted.
        Index("ix_text_current_version", "tenant_id", "current_version_id"),
        Index("ix_text_public_version", "tenant_id", "public_version_id"),
        Index("ix_text_state", "tenant_id", "language", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int]
    language: Mapped[str]
    revision: Mapped[int]
    current_version_id: Mapped[int | None]
    public_version_id: Mapped[int | None]
    v3_id: Mapped[int | None]
    review_state: Mapped[str]
    review_message: Mapped[str]
    assignee: Mapped[str]
    submitted_by: Mapped[str | None]  # whoever asked for the review, to whom it goes back
    returned_by: Mapped[str | None]
    review_at: Mapped[datetime | None]  # when it was submitted or returned
    in_translation_since: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(server_default=text("'up_to_date'"))
    publish_at: Mapped[datetime | None]
    offline_at: Mapped[datetime | None]


class Version(TenantOwned, Base):
    """What a text said after one save. Never changes.

    `based_on_id` is the version of the source language that the translator was shown. `digest` covers normalised title
    and content. `changed_at` is the time readers see; an import keeps the time of the place it comes from.
    """

    __tablename__ = "version"
    __table_args__ = (
        same_tenant("text_id", "text.id", cascade=True),
        same_tenant("based_on_id", "version.id"),
        UniqueConstraint("tenant_id", "text_id", "number"),
        CheckConstraint("origin IN ('human', 'machine', 'import')", name="origin"),
        Index("ix_version_based_on", "tenant_id", "based_on_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text_id: Mapped[int]
    number: Mapped[int]
    title: Mapped[str]
    content: Mapped[str]
    digest: Mapped[str]
    based_on_id: Mapped[int | None]
    minor: Mapped[bool]
    origin: Mapped[str]
    author: Mapped[str]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class TextWords(TenantOwned, Base):
    """What the newest version of a text says, in the form that editors' searches are compared with."""

    __tablename__ = "text_words"
    __table_args__ = (
        same_tenant("text_id", "text.id", cascade=True),
        Index("ix_text_words_kind", "tenant_id", "kind", "language"),
    )

    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int]
    kind: Mapped[str]
    language: Mapped[str]
    title: Mapped[str]
    words: Mapped[str]


class Autosave(TenantOwned, Base):
    """Words that were typed but not saved, or saved and rejected by a conflict: one per text and author."""

    __tablename__ = "autosave"
    __table_args__ = (same_tenant("entry_id", "entry.id", cascade=True),)

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(primary_key=True)
    author: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    content: Mapped[str]
    revision: Mapped[int]
    version_id: Mapped[int | None]  # the one they were written from, if it is known
    saved_at: Mapped[datetime]


class Keywords(TenantOwned, Base):
    """What readers may call an entry in a language, beside its words."""

    __tablename__ = "keywords"
    __table_args__ = (same_tenant("entry_id", "entry.id", cascade=True),)

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(primary_key=True)
    lines: Mapped[list[str]]


class Address(TenantOwned, Base):
    """A slug and whom it belongs to: `current` for readers, `reserved` for a draft, `former` leads on.

    A `returning` slug leads on as before and waits, like a reserved one, to be current again.
    """

    __tablename__ = "address"
    __table_args__ = (
        same_tenant("entry_id", "entry.id", cascade=True),
        CheckConstraint("role IN ('current', 'reserved', 'former', 'returning')", name="role"),
        Index("ix_address_entry", "tenant_id", "entry_id"),
        Index(
            "uq_address_one_each",
            "tenant_id",
            "entry_id",
            "language",
            "role",
            unique=True,
            sqlite_where=text("role <> 'former'"),
            postgresql_where=text("role <> 'former'"),
        ),
    )

    language: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[int]
    role: Mapped[str]


class Reference(TenantOwned, Base):
    """What a text links to or shows, as editors have it or as readers see it.

    `language` is empty when a link follows the reader's language. The role is `link`, or that of something that stands
    in the text by its identity: `contact`, `media`.
    """

    __tablename__ = "reference"
    __table_args__ = (
        same_tenant("text_id", "text.id", cascade=True),
        same_tenant("entry_id", "entry.id", cascade=True),
        ForeignKeyConstraint(["tenant_id", "to_entry_id"], ["entry.tenant_id", "entry.id"]),
        Index("ix_reference_to_entry", "tenant_id", "to_entry_id"),
        Index("ix_reference_from_entry", "tenant_id", "entry_id"),
    )

    text_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    to_entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[int]


class Relation(TenantOwned, Base):
    """An entry's link to another one, in a role its type names: where an event takes place, what a page pictures.

    Documents of an entry may show something of what it is related to; they follow when that changes.
    """

    __tablename__ = "relation"
    __table_args__ = (
        same_tenant("entry_id", "entry.id", cascade=True),
        ForeignKeyConstraint(["tenant_id", "to_entry_id"], ["entry.tenant_id", "entry.id"]),
        Index("ix_relation_to_entry", "tenant_id", "to_entry_id"),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(primary_key=True)
    to_entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
