"""What is offered: by one city, and by all of them together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from cityinfo.features import content, placeholders, publishing, tenants
from cityinfo.features.content import Text, Version, Wording
from cityinfo.features.publishing import Published
from cityinfo.features.tenants import ARCHIVED, Tenant
from cityinfo.kernel.db import EVERY_TENANT, NO_TENANT, Database, Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.listing import portions

from .actions import KIND, Naming, naming_of
from .models import Credit, Offering


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A page in the commons: whose it is, what it is called in the languages it can be read in, and on which terms."""

    source_id: int
    source: str
    city: str
    entry_id: int
    titles: Mapping[str, str]
    licence: str
    attribution: str
    note: str
    offered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What of the commons is looked at: words of a title, a note or a city's name, a language, a licence.

    `without` leaves out one city: the one that looks. `among` are the entries that are asked about, instead of all.
    """

    words: str = ""
    language: str = ""
    licence: str = ""
    without: int | None = None
    among: Collection[int] | None = None


def offering(db: Work, entry_id: int) -> Offering | None:
    """On which terms a page of this city is offered, if it is."""
    return db.get(Offering, (db.tenant_id, entry_id))


def offerings(db: Work, *, most: int | None = None, skip: int = 0) -> Sequence[Offering]:
    """What this city offers, newest first."""
    newest = select(Offering).order_by(Offering.offered_at.desc(), Offering.entry_id)
    return db.scalars(newest.limit(most).offset(skip)).all()


def offered(db: Work, entry_ids: Collection[int]) -> dict[int, Offering]:
    """Those of these entries that this city offers."""
    found: dict[int, Offering] = {}
    for ids in portions(entry_ids):
        found.update({row.entry_id: row for row in db.scalars(select(Offering).where(Offering.entry_id.in_(ids)))})
    return found


def credit(db: Work, entry_id: int) -> Naming | None:
    """Whose words a page of this city began with, if they were another city's."""
    row = db.get(Credit, (db.tenant_id, entry_id))
    return naming_of(row) if row else None


def catalogue(database: Database, looked: Looked, *, most: int = 50, skip: int = 0) -> tuple[list[Offered], int]:
    """What cities offer each other, newest first, and how much that is altogether. A fixed number of statements."""
    with database.unit_of_work(EVERY_TENANT, reason="shows what cities offer each other") as db:
        found = _matching(looked).subquery()
        number = db.scalar(select(func.count()).select_from(found)) or 0
        newest = _matching(looked).order_by(Offering.offered_at.desc(), Offering.entry_id.desc())
        rows = db.execute(newest.limit(most).offset(skip)).all()
        titles = _titles(db, [(row.tenant_id, row.entry_id) for row, _ in rows])
        return [_offered(row, tenant, titles.get((row.tenant_id, row.entry_id), {})) for row, tenant in rows], number


def find(database: Database, source_id: int, entry_id: int) -> Offered:
    """A page that another city offers now; `NotFound` when it does not."""
    with database.unit_of_work(NO_TENANT) as db:
        tenant = tenants.by_id(db, source_id)
    if tenant is not None:
        with database.unit_of_work(source_id) as db:
            row = offering(db, entry_id)
            if row is not None and (titles := _titles(db, [(source_id, entry_id)]).get((source_id, entry_id))):
                return _offered(row, tenant, titles)
    raise NotFound("commons.unknown", "This page is not offered any more.")


def words(database: Database, source_id: int, entry_id: int, language: str) -> Wording | None:
    """What an offered page says to readers of its own city, facts in it filled in, with the identities that entries
    have there."""
    with database.unit_of_work(source_id) as db:
        if offering(db, entry_id) is None or (entry_id, language) not in publishing.visible(db, [entry_id], [language]):
            return None
        text = content.text_of(db, entry_id, language)
        version = content.version(db, text.public_version_id) if text else None
        if version is None:
            return None
        (written,) = placeholders.write_out(db, language, [version.content])
        return Wording(version.title, written)


def _matching(looked: Looked) -> Select[Offering, Tenant]:
    which = [Tenant.status != ARCHIVED, _is_shown(looked.language)]
    if looked.without is not None:
        which.append(Offering.tenant_id != looked.without)
    if looked.among is not None:
        which.append(Offering.entry_id.in_(looked.among))
    if looked.licence:
        which.append(Offering.licence == looked.licence)
    if words := looked.words.strip():
        which.append(or_(_has(Offering.note, words), _has(Tenant.name, words), _is_called(words)))
    return select(Offering, Tenant).join(Tenant, Tenant.id == Offering.tenant_id).where(*which)


def _has(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    return column.icontains(words, autoescape=True)


def _is_shown(language: str) -> ColumnElement[bool]:
    which = [Published.language == language] if language else []
    return exists().where(
        Published.tenant_id == Offering.tenant_id,
        Published.entry_id == Offering.entry_id,
        Published.kind == KIND,
        Published.removed.is_(False),
        *which,
    )


def _is_called(words: str) -> ColumnElement[bool]:
    return exists().where(
        Text.tenant_id == Offering.tenant_id,
        Text.entry_id == Offering.entry_id,
        Version.tenant_id == Text.tenant_id,
        Version.id == Text.public_version_id,
        _has(Version.title, words),
    )


def _titles(db: Work, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], dict[str, str]]:
    """What readers see these pages called, by language. Identities of entries are never given out twice."""
    entries, cities = {entry for _, entry in keys}, {city for city, _ in keys}
    shown = (
        (Published.tenant_id == Text.tenant_id)
        & (Published.entry_id == Text.entry_id)
        & (Published.language == Text.language)
    )
    statement = (
        select(Text.tenant_id, Text.entry_id, Text.language, Version.title)
        .join(Version, (Version.tenant_id == Text.tenant_id) & (Version.id == Text.public_version_id))
        .join(Published, shown & Published.removed.is_(False))
        .where(Text.tenant_id.in_(cities), Text.entry_id.in_(entries))
    )
    found: dict[tuple[int, int], dict[str, str]] = {}
    for city, entry, language, title in db.execute(statement):
        found.setdefault((city, entry), {})[language] = title
    return found


def _offered(row: Offering, tenant: Tenant, titles: Mapping[str, str]) -> Offered:
    return Offered(
        source_id=row.tenant_id,
        source=tenant.slug,
        city=tenant.full_name,
        entry_id=row.entry_id,
        titles=titles,
        licence=row.licence,
        attribution=row.attribution,
        note=row.note,
        offered_at=row.offered_at,
    )
