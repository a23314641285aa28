"""The city itself: its public facts, its languages, offers of other systems, and what its texts must be like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from marshmallow import fields, validate

from cityinfo.features import offers, quality, tenants
from cityinfo.features.quality import Flaw, Gates
from cityinfo.features.tenants import LanguageChoice
from cityinfo.kernel.errors import Invalid

from .editing import Editing, Outcome, editing, record, section
from .entries import HERE
from .values import Choice, Flag, Line, Part, Real, Sent

blueprint = section("Editing: settings", "The city itself: public facts, languages, offers of other systems.")


class PlaceOfAliasSchema(Sent):
    """Where readers who look for an alias are led."""

    latitude = Real(required=True)
    longitude = Real(required=True)


class SettingsSchema(Sent):
    """The public facts of a city. What is left out stays as it is."""

    name = fields.String(validate=validate.Length(min=1, max=200), metadata={"example": "Musterstadt"})
    prefix = Line(100, metadata={"example": "Landkreis"})
    official_key = fields.String(
        validate=validate.Regexp("^([0-9]{8}|[0-9]{12})?$"),
        metadata={"description": "AGS or ARS.", "example": "09761000"},
    )
    time_zone = Line(60, metadata={"example": "Europe/Berlin"})
    latitude = Real(allow_none=True)
    longitude = Real(allow_none=True)
    bounding_box = fields.List(
        fields.List(Real(), validate=validate.Length(equal=2)),
        allow_none=True,
        validate=validate.Length(equal=2),
        metadata={"description": "`[[west, south], [east, north]]`", "example": [[10.7, 48.2], [11.0, 48.5]]},
    )
    postal_codes = fields.List(fields.String(validate=validate.Regexp("^[0-9]{5}$")), metadata={"example": ["86150"]})
    aliases = fields.Dict(keys=Line(200), values=Part(PlaceOfAliasSchema))
    features = fields.Dict(
        keys=Choice(*tenants.FEATURES),
        values=Flag(),
        metadata={"description": "Those that are named; the others stay.", "example": {"fallback": True}},
    )
    app_url = Line(500)


class ShownSettingsSchema(SettingsSchema):
    """The public facts of a city as they are."""

    slug = fields.String(required=True)
    status = fields.String(required=True, metadata={"description": "`active`, `hidden` or `archived`."})


class LanguageInTreeSchema(Sent):
    """A language as the city uses it."""

    slug = fields.String(required=True, validate=validate.Length(min=1, max=20), metadata={"example": "en"})
    source = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=20),
        metadata={"description": "What it is translated from; null for the one the city writes in.", "example": "de"},
    )
    visible = Flag(load_default=True, metadata={"description": "Shown in lists."})
    active = Flag(load_default=True, metadata={"description": "Can be read."})


class LanguageTreeSchema(Sent):
    """All languages of the city, in its order. One that is left out is switched off; its texts stay."""

    items = fields.List(fields.Nested(LanguageInTreeSchema), required=True, validate=validate.Length(min=1, max=100))


class ExternalOfferChoiceSchema(Sent):
    """An offer of another system that is switched on."""

    alias = fields.String(required=True, metadata={"example": "sprungbrett"})
    address = Line(2_000, load_default="", metadata={"description": "The city's own, where it asks for one."})


class ExternalOffersSchema(Sent):
    """Exactly these, in this order."""

    items = fields.List(fields.Nested(ExternalOfferChoiceSchema), required=True, validate=validate.Length(max=50))


class QualityGatesSchema(Sent):
    """What keeps a text from being published; everything else stays advice."""

    flaws = fields.List(
        Choice(*quality.CAN_BE_GATES), required=True, metadata={"example": ["undescribed_picture", "hard_text"]}
    )
    most_year = fields.Integer(
        load_default=quality.MOST_YEAR,
        strict=True,
        validate=validate.Range(quality.YEARS[0], quality.YEARS[-1]),
        metadata={"description": "The school year above which a text is too hard (`hard_text`)."},
    )


@editing(blueprint, f"{HERE}/settings", needs=["settings:read"], answer=ShownSettingsSchema)
def get_settings(editor: Editing) -> Outcome:
    """Read the city's public facts."""
    return record(_facts(editor))


@editing(
    blueprint,
    f"{HERE}/settings",
    method="PATCH",
    needs=["settings:manage"],
    body=SettingsSchema,
    answer=ShownSettingsSchema,
    if_match=True,
)
def change_settings(editor: Editing, body: Mapping[str, Any]) -> Outcome:
    """Change public facts of the city. Its address and status are the platform's to decide."""
    editor.compare(_facts(editor), body)
    now = tenants.facts_of(editor.db)
    wanted = replace(now, **{**body, "features": {**now.features, **body.get("features", {})}})
    tenants.change(editor.db, wanted, actor=editor.actor)
    return record(_facts(editor))


@editing(blueprint, f"{HERE}/languages", needs=["languages:read"], answer=LanguageTreeSchema)
def get_languages(editor: Editing) -> Outcome:
    """Read the city's language tree, switched-off languages included."""
    return record(_languages(editor))


@editing(
    blueprint,
    f"{HERE}/languages",
    method="PUT",
    needs=["languages:manage"],
    body=LanguageTreeSchema,
    answer=LanguageTreeSchema,
    if_match=True,
)
def set_languages(editor: Editing, body: Mapping[str, Any]) -> Outcome:
    """Replace the language tree."""
    editor.compare(_languages(editor), body)
    tenants.set_languages(editor.db, [LanguageChoice(**one) for one in body["items"]], actor=editor.actor)
    return record(_languages(editor))


@editing(blueprint, f"{HERE}/external-offers", needs=["settings:read"], answer=ExternalOffersSchema)
def get_external_offers(editor: Editing) -> Outcome:
    """Read which offers of other systems are switched on."""
    return record(_external(editor))


@editing(
    blueprint,
    f"{HERE}/external-offers",
    method="PUT",
    needs=["settings:manage"],
    body=ExternalOffersSchema,
    answer=ExternalOffersSchema,
    if_match=True,
)
def set_external_offers(editor: Editing, body: Mapping[str, Any]) -> Outcome:
    """Switch exactly these offers of other systems on."""
    editor.compare(_external(editor), body)
    wanted = {one["alias"]: one["address"] for one in body["items"]}
    if len(wanted) < len(body["items"]):
        raise Invalid("offer.external_twice", "An offer stands in the list twice; name each once.")
    offers.set_external(editor.db, wanted, actor=editor.actor)
    return record(_external(editor))


@editing(blueprint, f"{HERE}/quality-gates", needs=["settings:read"], answer=QualityGatesSchema)
def get_quality_gates(editor: Editing) -> Outcome:
    """Read what the city insists on before a text is published."""
    return record(_gates(editor))


@editing(
    blueprint,
    f"{HERE}/quality-gates",
    method="PUT",
    needs=["settings:manage"],
    body=QualityGatesSchema,
    answer=QualityGatesSchema,
    if_match=True,
)
def set_quality_gates(editor: Editing, body: Mapping[str, Any]) -> Outcome:
    """Insist on exactly this before a text is published or planned. What is public stays public."""
    editor.compare(_gates(editor), body)
    wanted = Gates(frozenset(map(Flaw, body["flaws"])), body["most_year"])
    quality.set_gates(editor.db, wanted, actor=editor.actor)
    return record(_gates(editor))


def _facts(editor: Editing) -> dict[str, Any]:
    return asdict(tenants.facts_of(editor.db))


def _languages(editor: Editing) -> dict[str, Any]:
    rows = tenants.tree(editor.db).values()
    names = ("source", "visible", "active")
    return {"items": [{"slug": row.language, **{name: getattr(row, name) for name in names}} for row in rows]}


def _external(editor: Editing) -> dict[str, Any]:
    rows = offers.external(editor.db)
    return {"items": [{"alias": row.alias, "address": row.address} for row in rows]}


def _gates(editor: Editing) -> dict[str, Any]:
    gates = quality.gates(editor.db)
    return {"flaws": sorted(gates.flaws), "most_year": gates.most_year}
