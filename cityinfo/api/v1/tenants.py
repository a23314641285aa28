"""Tenants: the cities on this service, found by name, postal code or place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from marshmallow import ValidationError, fields, validate

from cityinfo.features import locations, tenants
from cityinfo.features.tenants import Language, Tenant
from cityinfo.kernel.i18n import say
from cityinfo.web.bodies import Answer, Reading, serve

from .operations import Body, Paged, PagedAnswer, answer, limit, operation, portion, section

blueprint = section("Tenants", "The cities on this service, what they offer and which languages they speak.")


class LanguageSchema(Body):
    """A language a city can be read in."""

    slug = fields.String(required=True, metadata={"description": "Its part of every address.", "example": "de"})
    bcp47 = fields.String(required=True, metadata={"description": "Language tag.", "example": "de"})
    native_name = fields.String(required=True, metadata={"example": "Deutsch"})
    direction = fields.String(required=True, validate=validate.OneOf(["ltr", "rtl"]), metadata={"example": "ltr"})


class AliasSchema(Body):
    """A place within the city that readers may search for."""

    name = fields.String(required=True, metadata={"example": "Oberbeispiel"})
    latitude = fields.Float(required=True, allow_none=True, metadata={"example": 50.03})
    longitude = fields.Float(required=True, allow_none=True, metadata={"example": 10.05})


class ColourSchema(Body):
    """Links and buttons, and what is written on buttons. Both can be read (WCAG AA)."""

    accent = fields.String(required=True, metadata={"description": "#rrggbb", "example": "#2044aa"})
    on_accent = fields.String(required=True, metadata={"example": "#ffffff"})


class LogoSchema(Body):
    """A picture that stands for the city."""

    url = fields.String(required=True, metadata={"example": "/media/abc.svg"})
    width = fields.Integer(required=True, allow_none=True)
    height = fields.Integer(required=True, allow_none=True)


class ThemeSchema(Body):
    """How apps look in a city. What is null is as the app has it."""

    light = fields.Nested(ColourSchema, required=True, allow_none=True)
    dark = fields.Nested(ColourSchema, required=True, allow_none=True)
    logo = fields.Nested(LogoSchema, required=True, allow_none=True)


class TenantSchema(Body):
    """A city."""

    slug = fields.String(required=True, metadata={"description": "Its address.", "example": "musterstadt"})
    name = fields.String(required=True, metadata={"description": "Full name.", "example": "Stadt Musterstadt"})
    prefix = fields.String(required=True, metadata={"description": "May be empty.", "example": "Stadt"})
    name_without_prefix = fields.String(
        required=True, metadata={"description": "To sort by.", "example": "Musterstadt"}
    )
    live = fields.Boolean(
        required=True, metadata={"description": "False while the city prepares itself; it is in no list then."}
    )
    official_key = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Official municipality key, 8 or 12 digits.", "example": "09999001"},
    )
    time_zone = fields.String(required=True, metadata={"example": "Europe/Berlin"})
    latitude = fields.Float(required=True, allow_none=True, metadata={"example": 50.0})
    longitude = fields.Float(required=True, allow_none=True, metadata={"example": 10.0})
    bounding_box = fields.List(
        fields.List(fields.Float()),
        required=True,
        metadata={"description": "`[[west, south], [east, north]]`", "example": [[9.9, 49.95], [10.1, 50.05]]},
    )
    postal_codes = fields.List(fields.String(), required=True, metadata={"example": ["00001", "00002"]})
    aliases = fields.List(fields.Nested(AliasSchema), required=True)
    features = fields.Dict(
        keys=fields.String(),
        values=fields.Boolean(),
        required=True,
        metadata={"description": "What the city offers beside pages.", "example": {"events": False, "chat": False}},
    )
    languages = fields.List(
        fields.Nested(LanguageSchema), required=True, metadata={"description": "To choose from, in the city's order."}
    )
    theme = fields.Nested(ThemeSchema, required=True)
    distance_km = fields.Float(metadata={"description": "Only with `near`.", "example": 3.2})


class TenantListSchema(PagedAnswer):
    """A portion of the list of cities."""

    items = fields.List(fields.Nested(TenantSchema), required=True)


_PLACE = r"^-?(90(\.0+)?|[1-8]?\d(\.\d+)?),-?(180(\.0+)?|(1[0-7]\d|[1-9]?\d)(\.\d+)?)$"


class Place(fields.Field[tuple[float, float]]):
    """Latitude and longitude, as in ``48.37,10.9``; cut to about a hundred metres, which says less about the asker."""

    def __init__(self, *, description: str, example: str) -> None:
        described = {"type": "string", "pattern": _PLACE, "description": description, "example": example}
        super().__init__(metadata=described)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> tuple[float, float]:  # noqa: ARG002 - marshmallow's
        try:
            latitude, longitude = (round(float(part), 3) for part in str(value).split(","))
        except ValueError:
            raise ValidationError("Write latitude,longitude, for example 48.37,10.9.") from None
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):
            raise ValidationError("That is no place on earth; latitude stands first.")
        return latitude, longitude


class TenantQuery(Paged):
    """How to choose cities."""

    q = fields.String(
        validate=validate.Length(max=100),
        metadata={"description": "Part of a name or of an alias; case does not count.", "example": "muster"},
    )
    near = Place(
        description="`latitude,longitude`: nearest first, with `distance_km`; without a place: left out.",
        example="50.0,10.0",
    )
    postal_code = fields.String(
        validate=validate.Regexp("^[0-9]{5}$", error=say("Write five digits.")), metadata={"example": "00001"}
    )
    limit = limit(1000, default=100)


@operation(blueprint, "/tenants", answer=TenantListSchema, query=TenantQuery, also=[410])
def list_tenants(query: dict[str, Any]) -> Response:
    """List cities.

    By name, or nearest first. Cities that are not live yet are not listed.
    """
    wanted = {**query, "q": _folded(query.get("q", ""))}
    return serve(
        "v1.tenants",
        tenant=None,
        params=TenantQuery.canonical(wanted),
        build=lambda reading: _list(reading, wanted),
    )


@operation(blueprint, "/tenants/<tenant>", answer=TenantSchema)
def get_tenant(tenant: str) -> Response:
    """Read one city.

    Also one that is not live yet (`live` is false then).
    """
    return serve("v1.tenant", tenant=tenant, build=lambda reading: answer(tenant_object(reading)))


def tenant_object(reading: Reading) -> dict[str, Any]:
    """The city of a reading, as `TenantSchema` describes it."""
    return _tenant_object(reading.tenant, reading.registry())


def language_object(language: Language) -> dict[str, Any]:
    """A language, as `LanguageSchema` describes it."""
    return {
        "slug": language.slug,
        "bcp47": language.bcp47,
        "native_name": language.native_name,
        "direction": language.direction,
    }


def _list(reading: Reading, query: Mapping[str, Any]) -> Answer:
    listed = [tenant for tenant in tenants.directory(reading.db) if tenant.status == tenants.ACTIVE]
    chosen: Sequence[Tenant] = [tenant for tenant in listed if _matches(tenant, query)]
    distances: dict[int, float] = {}
    if "near" in query:
        distances = _distances(chosen, query["near"])
        chosen = sorted((one for one in chosen if one.id in distances), key=lambda one: (distances[one.id], one.slug))
    items, cursor = portion(chosen, lambda one: one.slug, limit=query["limit"], cursor=query.get("cursor"))
    registry = reading.registry()
    objects = [_tenant_object(one, registry) | _distance(distances.get(one.id)) for one in items]
    return answer({"items": objects, "cursor": cursor, "more": cursor is not None})


def _matches(tenant: Tenant, query: Mapping[str, Any]) -> bool:
    names = (tenant.full_name, *tenant.aliases)
    by_name = any(query["q"] in _folded(name) for name in names)
    return by_name and ("postal_code" not in query or query["postal_code"] in tenant.postal_codes)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _distances(found: Sequence[Tenant], place: tuple[float, float]) -> dict[int, float]:
    return {
        tenant.id: round(locations.kilometres(place, (tenant.latitude, tenant.longitude)), 1)
        for tenant in found
        if tenant.latitude is not None and tenant.longitude is not None
    }


def _distance(kilometres: float | None) -> dict[str, float]:
    return {} if kilometres is None else {"distance_km": kilometres}


def _tenant_object(tenant: Tenant, registry: Mapping[str, Language]) -> dict[str, Any]:
    return {
        "slug": tenant.slug,
        "name": tenant.full_name,
        "prefix": tenant.prefix,
        "name_without_prefix": tenant.name,
        "live": tenant.status == tenants.ACTIVE,
        "official_key": tenant.official_key or None,
        "time_zone": tenant.time_zone,
        "latitude": tenant.latitude,
        "longitude": tenant.longitude,
        "bounding_box": tenant.bounding_box,
        "postal_codes": tenant.postal_codes,
        "aliases": [_alias_object(name, place) for name, place in tenant.aliases.items()],
        "features": tenant.features,
        "languages": [language_object(registry[slug]) for slug in tenant.languages if slug in registry],
        "theme": _theme_object(tenant),
    }


def _theme_object(tenant: Tenant) -> dict[str, Any]:
    theme = tenants.theme_of(tenant)
    colours = {
        scheme: {"accent": colour, "on_accent": tenants.ink_on(colour)} if colour else None
        for scheme, colour in theme.colours().items()
    }
    logo = {name: theme.logo[name] for name in ("url", "width", "height")} if theme.logo else None
    return {**colours, "logo": logo}


def _alias_object(name: str, place: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "latitude": place["latitude"], "longitude": place["longitude"]}
