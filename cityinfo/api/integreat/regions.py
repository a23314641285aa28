"""Regions: the cities, what they offer and which languages they speak."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from flask import Response

from cityinfo.features import tenants
from cityinfo.features.tenants import Language, Tenant
from cityinfo.web.bodies import Answer, Reading, serve
from cityinfo.web.guard import public

from .answers import answer


@public
def regions() -> Response:
    """All cities that are not archived. Apps hide those that are not `live` themselves."""
    return serve("v3.regions", tenant=None, build=_regions)


@public
def region(tenant: str) -> Response:
    """One city."""
    return serve("v3.region", tenant=tenant, build=_region)


@public
def languages(tenant: str) -> Response:
    """The languages of one city, in its order."""
    return serve("v3.languages", tenant=tenant, build=_languages)


def _regions(reading: Reading) -> Answer:
    registry = reading.registry()
    return answer([_region_object(tenant, registry) for tenant in tenants.directory(reading.db)])


def _region(reading: Reading) -> Answer:
    return answer(_region_object(reading.tenant, reading.registry()))


def _languages(reading: Reading) -> Answer:
    return answer(_language_objects(reading.tenant, reading.registry()))


def _region_object(tenant: Tenant, registry: Mapping[str, Language]) -> dict[str, Any]:
    offered = tenant.features.get
    return {
        "id": tenant.id,
        "name": tenant.full_name,
        "path": tenant.slug,
        "live": tenant.status == tenants.ACTIVE,
        "prefix": tenant.prefix,
        "name_without_prefix": tenant.name,
        "plz": next(iter(tenant.postal_codes), None),
        "extras": offered("offers", False),
        "events": offered("events", False),
        "pois": offered("locations", False),
        "contacts": offered("contacts", False),
        "push_notifications": offered("push_notifications", False),
        "longitude": tenant.longitude,
        "latitude": tenant.latitude,
        "bounding_box": tenant.bounding_box,
        "aliases": tenant.aliases or None,
        "tunews": offered("external_news", False),
        "external_news": offered("external_news", False),
        "zammad_privacy_policy": None,
        "languages": _language_objects(tenant, registry),
        "is_chat_enabled": offered("chat", False),
    }


def _language_objects(tenant: Tenant, registry: Mapping[str, Language]) -> list[dict[str, Any]]:
    return [_language_object(registry[slug]) for slug in tenant.languages if slug in registry]


def _language_object(language: Language) -> dict[str, Any]:
    return {
        "code": language.slug,
        "native_name": language.native_name,
        "id": zlib.crc32(language.slug.encode()),  # a number is expected; ours are named, and this one never changes
        "bcp47_tag": language.bcp47,
        "dir": language.direction,
    }


ROUTES = (
    ("/regions/", regions),
    ("/regions/<tenant>/", region),
    ("/<tenant>/languages/", languages),
)
