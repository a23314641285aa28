"""What the public sees of the imprint, computed from what editors have."""

from __future__ import annotations

from collections.abc import Collection

from cityinfo.features import content
from cityinfo.features.content import ContentType, Projection
from cityinfo.kernel.db import Work

from . import queries
from .queries import KIND, SLUG


def affected(_db: Work, imprint_ids: Collection[int], _widely: bool) -> set[int]:
    return set(imprint_ids)


def project(db: Work, ids: Collection[int], active: Collection[str], languages: Collection[str]) -> Projection:
    """Always in every language, under one slug: where a text is missing, that of its source stands in."""
    words = content.Words(db, ids, active, languages, falls_back=lambda _: True)
    projection = words.projection(lambda _: {"slug": SLUG})
    for outline in projection.outlines.values():
        for text in outline["texts"].values():
            text["slug"] = SLUG
            text.pop("former", None)
    return projection


IMPRINT = ContentType(
    kind=KIND,
    affected=affected,
    project=project,
    all_ids=queries.all_ids,
    pass_time=content.pass_time,
    falls_back=content.all_fall_back,
)
