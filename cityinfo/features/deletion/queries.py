"""Reading cities at their end."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select

from cityinfo.features import tenants
from cityinfo.features.accounts import Membership
from cityinfo.features.content import Entry, Text
from cityinfo.features.feedback import Feedback
from cityinfo.features.media import MediaFile
from cityinfo.features.tokens import ApiToken
from cityinfo.features.webhooks import Webhook
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound

from . import emptying
from .models import CLOSED, Deletion
from .ports import Store
from .types import Kept, Preview

_ARCHIVE = re.compile(r"[0-9]{1,16}/archive-([0-9]{8}t[0-9]{6})\.zip")
_WHEN = "%Y%m%dt%H%M%S"


def preview(db: Work) -> Preview:
    """What the city of this unit of work has that would go."""
    tenant = tenants.own(db)
    files, size = db.execute(select(func.count(), func.sum(MediaFile.size)).select_from(MediaFile)).one()
    kinds = db.execute(select(Entry.kind, func.count()).group_by(Entry.kind).order_by(Entry.kind))
    return Preview(
        slug=tenant.slug,
        name=tenant.full_name,
        entries=dict(kinds.all()),
        texts=_number(db, Text),
        rows=emptying.counts(db).total(),
        files=files,
        bytes=int(size or 0),
        people=db.scalar(select(func.count(Membership.account_id.distinct()))) or 0,
        tokens=_number(db, ApiToken),
        webhooks=_number(db, Webhook),
        feedback=_number(db, Feedback),
    )


def _number(db: Work, model: type[object]) -> int:
    return db.scalar(select(func.count()).select_from(model)) or 0


def deletion_of(db: Work, city_id: int) -> Deletion | None:
    """How far the city's end is; None while nobody has closed it."""
    return db.get(Deletion, city_id)


def find(db: Work, city_id: int) -> Deletion:
    """The same; `NotFound` while nobody has closed it."""
    found = deletion_of(db, city_id)
    if found is None:
        raise NotFound("deletion.unknown", "This city is not closed.")
    return found


def closed_at(db: Work, slug: str) -> Deletion | None:
    """The city that is closed under this address."""
    tenant = tenants.at(db, slug)
    return db.get(Deletion, tenant.id) if tenant is not None else None


def closed_among(db: Work, city_ids: Collection[int]) -> Sequence[Deletion]:
    """Those of these cities that are closed and can still come back, those first that go first."""
    statement = select(Deletion).where(Deletion.step == CLOSED, Deletion.city_id.in_(city_ids))
    return db.scalars(statement.order_by(Deletion.due_at)).all()


def deletions(
    db: Work, *, step: Iterable[str], start: int = 0, most: int | None = 50, last_first: bool = False
) -> Sequence[Deletion]:
    """Cities at one of these steps, those first that go first, or went last; at most so many, or all."""
    due = Deletion.due_at.desc() if last_first else Deletion.due_at
    statement = select(Deletion).where(Deletion.step.in_(list(step))).order_by(due, Deletion.city_id)
    return db.scalars(statement.offset(start).limit(most)).all()


def archives_of(store: Store, city_id: int) -> list[Kept]:
    """Archives of a city that wait to be fetched, the newest first."""
    found = []
    for key in store.keys(f"{city_id}/archive-"):
        match = _ARCHIVE.fullmatch(key)
        size = store.size(key) if match else None
        if match and size is not None:
            found.append(Kept(key, size, datetime.strptime(match[1], _WHEN).replace(tzinfo=UTC)))
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def archive_key(city_id: int, now: datetime) -> str:
    """Where an archive is kept that is made now. No address of files looks like this, so nobody can ask for it."""
    return f"{city_id}/archive-{now.strftime(_WHEN)}.zip"
