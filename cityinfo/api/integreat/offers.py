"""Offers of other systems that a city has switched on, called extras in older apps."""

from __future__ import annotations

from flask import Response

from cityinfo.features import offers as features
from cityinfo.web.bodies import Answer, Reading, serve
from cityinfo.web.guard import public

from .answers import answer


@public
def offers(tenant: str, language: str) -> Response:
    """All of them, in the city's order, the same in every language."""
    return serve("v3.offers", tenant=tenant, language=language.lower(), build=_offers)


def _offers(reading: Reading) -> Answer:
    return answer(list(features.switched_on(reading.db).values()), reading)


ROUTES = (
    ("/<tenant>/<language>/offers/", offers),
    ("/<tenant>/<language>/extras/", offers),
)
