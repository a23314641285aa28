"""The imprint."""

from __future__ import annotations

from flask import Response

from cityinfo.features import imprint as features
from cityinfo.kernel.errors import NotFound
from cityinfo.web.bodies import Answer, Reading, serve
from cityinfo.web.guard import public

from .answers import answer, changed
from .places import Places


@public
def imprint(tenant: str, language: str) -> Response:
    """The city's imprint; 404 when there is none: apps fail on anything else."""
    return serve("v3.imprint", tenant=tenant, language=language.lower(), kinds=(features.KIND,), build=_imprint)


def _imprint(reading: Reading) -> Answer:
    document = next(iter(reading.documents(features.KIND)), None)
    places = Places(reading, features.KIND)
    if document is None:
        raise NotFound("imprint.unknown", "This city has not published its imprint yet.")
    place = places.place(document["id"])
    body = {
        "id": document["v3"]["id"],
        "url": place.url,
        "path": place.path,
        "title": document["title"],
        **changed(document["changed_at"], reading.tenant.time_zone),
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
