"""Tables of what a city takes from another one: whom it follows, what was received, taken and decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel.db import Base, TenantOwned, same_tenant

PLACE = ""  # language of what is received about the place of an entry rather than its words
ACCEPTED, KEPT = "accepted", "kept"


class Following(TenantOwned, Base):
    """That this city follows another one, and up to which number of that city's clock it has read there.

    `whole`: everything that came with its cloning, and new pages are offered; otherwise only pages it subscribed to.
    `by_itself`: what nobody has changed here is taken without anybody being asked.
    """

    __tablename__ = "following"

    source_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    whole: Mapped[bool]
    by_itself: Mapped[bool]
    epoch: Mapped[int]
    seq: Mapped[int]
    since: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Subscription(TenantOwned, Base):
    """A page of another city that this one wants to have, and to hear of.

    `parent_id` is the page below which it is put when it comes; `entry_id` is the page here from then on. `by_itself`:
    what is new there is shown here at once, and what goes there goes here. `is_offered`: the other city still gives it.
    """

    __tablename__ = "page_subscription"
    __table_args__ = (
        same_tenant("entry_id", "entry.id", cascade=True),
        same_tenant("parent_id", "page.id", cascade=True),
    )

    source_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source_entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parent_id: Mapped[int | None]
    entry_id: Mapped[int | None]
    by_itself: Mapped[bool]
    is_offered: Mapped[bool]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]


class Received(TenantOwned, Base):
    """What another city says of an entry and this one has not decided about: words in a language, or its place.

    Identities in `content` and `source_parent_id` are those of the other city. `entry_id` is the entry here, if any.
    `made_from` is the digest of the words a translation says there; empty for one that is outdated. `minor`: its
    translations need not follow.
    """

    __tablename__ = "received"
    __table_args__ = (
        UniqueConstraint("tenant_id", "source_id", "source_entry_id", "language"),
        Index("ix_received_entry", "tenant_id", "entry_id"),
        Index("ix_received_state", "tenant_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source_id: Mapped[int]
    source: Mapped[str]
    source_entry_id: Mapped[int]
    language: Mapped[str]
    kind: Mapped[str]
    entry_id: Mapped[int | None]
    title: Mapped[str]
    content: Mapped[str]
    slug: Mapped[str]
    digest: Mapped[str]
    made_from: Mapped[str]
    minor: Mapped[bool]
    machine_made: Mapped[bool]
    source_version_id: Mapped[int | None]
    source_parent_id: Mapped[int | None]
    source_position: Mapped[str]
    state: Mapped[str]
    received_at: Mapped[datetime]


class TakenText(TenantOwned, Base):
    """What the other city's text said when it was last decided about here, with references as they are here.

    Until then that is the version it came with (`onboarding.TextOrigin`). `grew_from_id` and `grew_to_id` are our
    versions before and after what was taken since; `made_from` as for `Received`.
    """

    __tablename__ = "taken_text"
    __table_args__ = (same_tenant("entry_id", "origin.entry_id", cascade=True),)

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    content: Mapped[str]
    source_digest: Mapped[str]
    source_version_id: Mapped[int | None]
    made_from: Mapped[str]
    grew_from_id: Mapped[int | None]
    grew_to_id: Mapped[int | None]


class TakenPlace(TenantOwned, Base):
    """Where a page stood when its place was last decided about: there, and here."""

    __tablename__ = "taken_place"
    __table_args__ = (same_tenant("entry_id", "origin.entry_id", cascade=True),)

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source_parent_id: Mapped[int | None]
    source_position: Mapped[str]
    parent_id: Mapped[int | None]
    position: Mapped[str]


class Detached(TenantOwned, Base):
    """An entry that follows nobody any more, though it came from elsewhere."""

    __tablename__ = "detached"
    __table_args__ = (same_tenant("entry_id", "entry.id", cascade=True),)

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by: Mapped[str]
    at: Mapped[datetime]


class Declined(TenantOwned, Base):
    """An entry of the other city that is not wanted here: it was offered and refused, or taken and deleted."""

    __tablename__ = "declined"

    source_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source_entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    by: Mapped[str]
    at: Mapped[datetime]


class Decision(TenantOwned, Base):
    """What became of something received, with all that is needed to take that back.

    `batch` is shared by what was decided together. `received` is the row as it was, `before` what had been taken.
    """

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_batch", "tenant_id", "batch"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    batch: Mapped[int]
    entry_id: Mapped[int | None]
    language: Mapped[str]
    verdict: Mapped[str]
    title: Mapped[str]
    received: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    version_before_id: Mapped[int | None]
    version_after_id: Mapped[int | None]
    published: Mapped[bool]
    by: Mapped[str]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class Follower(TenantOwned, Base):
    """A city that follows this one, as it told us last: how many of its texts say what ours say, wait or differ.

    Nothing it wrote is here.
    """

    __tablename__ = "follower"

    follower_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slug: Mapped[str]
    name: Mapped[str]
    by_itself: Mapped[bool]
    same: Mapped[int]
    waiting: Mapped[int]
    changed: Mapped[int]
    told_at: Mapped[datetime]


class Divergence(TenantOwned, Base):
    """That a text of a follower says something else than ours: because it waits for a decision there, or by choice."""

    __tablename__ = "divergence"
    __table_args__ = (
        same_tenant("follower_id", "follower.follower_id", cascade=True),
        Index("ix_divergence_entry", "tenant_id", "entry_id"),
    )

    follower_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(primary_key=True)
    how: Mapped[str]  # a standing, "changed" or "detached"
