"""Reading organizations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from cityinfo.features import content, media, tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from .models import Member, Organization

KIND = "organization"
BELONGS_TO = "organization"  # role in which an entry of any kind names its organization
LOGO, PART_OF, PROJECT_OF, PARTNER = "logo", "part_of", "project_of", "partner"


def find(db: Work, organization_id: int) -> Organization:
    """The organization; `NotFound` when there is none."""
    organization = db.get(Organization, (db.tenant_id, organization_id))
    if organization is None:
        raise NotFound(
            "organization.unknown", say("There is no organization {organization_id}.", organization_id=organization_id)
        )
    return organization


def organizations(db: Work, organization_ids: Collection[int]) -> dict[int, Organization]:
    found: dict[int, Organization] = {}
    for ids in portions(organization_ids):
        found.update({row.id: row for row in db.scalars(select(Organization).where(Organization.id.in_(ids)))})
    return found


def of_entries(
    db: Work, entry_ids: Collection[int], languages: Collection[str]
) -> dict[tuple[int, str], dict[str, Any]]:
    """What documents say of the organization their entry belongs to, by entry and language; none that is not public."""
    named = {entry_id: targets[0] for entry_id, targets in content.related(db, entry_ids, BELONGS_TO).items()}
    if not named:
        return {}
    active = tenants.active_languages(db)
    words = content.Words(db, set(named.values()), active, languages, falls_back=lambda _: True)
    found = organizations(db, words.entries)
    logos = media.pictures(db, found, languages, role=LOGO)
    return {
        (entry_id, language): {
            "id": target,
            "slug": words.slug((target, language)),
            "name": words.version((target, language)).title,
            "website": found[target].website or None,
            "logo": logos.get((target, language)),
        }
        for entry_id, target in named.items()
        for language in languages
        if (target, language) in words.written
    }


def with_belongings(db: Work, organization_ids: Collection[int]) -> set[int]:
    """These organizations and every entry that belongs to one of them."""
    owned = content.relating(db, organization_ids, BELONGS_TO)
    return {*organization_ids, *(one for entries in owned.values() for one in entries)}


def upwards(db: Work, organization_id: int | None) -> list[int]:
    """An organization and all it is part of, itself first."""
    found: list[int] = []
    while organization_id is not None and organization_id not in found:
        found.append(organization_id)
        organization_id = next(iter(content.related(db, [organization_id], PART_OF).get(organization_id, ())), None)
    return found


def owners(db: Work, entry_id: int) -> list[int]:
    """The organizations an entry belongs to; an organization belongs to itself."""
    if db.get(Organization, (db.tenant_id, entry_id)) is not None:
        return [entry_id]
    return content.related(db, [entry_id], BELONGS_TO).get(entry_id, [])


def is_member(db: Work, organization_id: int, member: str) -> bool:
    return db.get(Member, (db.tenant_id, organization_id, member)) is not None


def all_ids(db: Work) -> Sequence[int]:
    return db.scalars(select(Organization.id).order_by(Organization.id)).all()
