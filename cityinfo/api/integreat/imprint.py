"""The imprint."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Response

from cityinfo.api.http import local_time
from cityinfo.features import imprint as features
from cityinfo.kernel.errors import NotFound
from cityinfo.web.bodies import Answer, Reading, serve
from cityinfo.web.guard import public

from .answers import answer
from .places import Places


@public
def imprint(tenant: str, language: str) -> Response:
    """The city's imprint; 404 when there is none: apps fail on anything else."""
    return serve("v3.imprint", tenant=tenant, language=language.lower(), kinds=(features.KIND,), build=_imprint)


def _imprint(reading: Reading) -> Answer:
    document = next(iter(reading.documents(features.KIND)), None)
    places = Places(reading, features.KIND)
    place = places.place(document["id"]) if document else None
    if document is None or place is None:
        raise NotFound("imprint.unknown", "This city has not published its imprint yet.")
    changed = datetime.fromisoformat(document["changed_at"])
    body = {
        "id": document["v3"]["id"],
        "url": place["url"],
        "path": place["path"],
        "title": document["title"],
        "modified_gmt": local_time(changed, UTC)[:-6] + "Z",
        "last_updated": local_time(changed, ZoneInfo(reading.tenant.time_zone)),
        "excerpt": document["excerpt"],
        "content": places.with_links(document["content"]),
        "parent": None,
        "available_languages": places.other_languages(document["id"]),
        "thumbnail": None,
        "hash": None,
    }
    return answer(body, reading)


ROUTES = (
    ("/<tenant>/<language>/imprint/", imprint),
    ("/<tenant>/<language>/disclaimer/", imprint),
)
