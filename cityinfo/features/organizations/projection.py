"""What the public sees of organizations, computed from what editors have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from cityinfo.features import content, media
from cityinfo.features.content import ContentType, Key, Projection
from cityinfo.kernel.db import Work

from . import queries
from .queries import KIND, LOGO, PART_OF, PARTNER, PROJECT_OF


def affected(_db: Work, organization_ids: Collection[int], _widely: bool) -> set[int]:
    return set(organization_ids)


def project(db: Work, ids: Collection[int], active: Collection[str], languages: Collection[str]) -> Projection:
    """What the public sees of these organizations: documents in `languages`, outlines over all `active` ones."""
    words = content.Words(db, ids, active, languages, falls_back=content.falls_back(db))
    found = queries.organizations(db, words.entries)
    logos = media.pictures(db, found, languages, role=LOGO)
    related = {role: content.related(db, found, role) for role in (PART_OF, PROJECT_OF, PARTNER)}

    def facts(key: Key) -> Mapping[str, Any]:
        one = found[key[0]]
        return {
            "sort": one.sort,
            "website": one.website or None,
            "seal": one.seal or None,
            "logo": logos.get(key),
            **{role: ids.get(one.id, []) for role, ids in related.items()},
        }

    return words.projection(facts)


ORGANIZATIONS = ContentType(
    kind=KIND,
    affected=affected,
    project=project,
    all_ids=queries.all_ids,
    pass_time=content.pass_time,
    path="organizations/",
    falls_back=content.where_wanted,
)
