"""What the public sees of locations, computed from what editors have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from cityinfo.features import content, media, organizations
from cityinfo.features.content import ContentType, Key, Projection
from cityinfo.kernel.db import Work

from . import categories, queries
from .models import Location
from .queries import KIND


def affected(_db: Work, location_ids: Collection[int], _widely: bool) -> set[int]:
    return set(location_ids)


def project(db: Work, ids: Collection[int], active: Collection[str], languages: Collection[str]) -> Projection:
    """What the public sees of these locations: documents in `languages`, outlines over all `active` ones."""
    words = content.Words(db, ids, active, languages, falls_back=content.falls_back(db))
    found = queries.locations(db, words.entries)
    pictures = media.pictures(db, found, languages)
    behind = organizations.of_entries(db, found, languages)
    known, in_categories = categories.all_categories(db), categories.of_locations(db, found)

    def facts(key: Key) -> Mapping[str, Any]:
        location_id, language = key
        # A category that a release took away leaves none without: apps fail on a place that has no category.
        named = dict.fromkeys(slug if slug in known else categories.OTHER for slug in in_categories[location_id])
        return {
            **_facts(found[location_id], language),
            "categories": [known[slug].described(language) for slug in named],
            "picture": pictures.get(key),
            "organization": behind.get(key),
        }

    return words.projection(facts)


def _facts(location: Location, language: str) -> dict[str, Any]:
    return {
        "address": queries.described_address(location, language),
        "latitude": location.latitude,
        "longitude": location.longitude,
        "on_map": location.on_map,
        "opening_hours": location.hours or None,
        "temporarily_closed": location.temporarily_closed,
        "appointment_url": location.appointment_url or None,
        "barrier_free": location.barrier_free,
        "accessibility": location.accessibility,
    }


LOCATIONS = ContentType(
    kind=KIND,
    affected=affected,
    project=project,
    all_ids=queries.all_ids,
    pass_time=content.pass_time,
    path="locations/",
    falls_back=content.where_wanted,
)
