"""Reading offers."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from cityinfo.features import tenants
from cityinfo.kernel.db import EVERY_TENANT, Database, Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say
from cityinfo.kernel.listing import portions

from . import rules
from .models import ExternalOffer, Offer, OfferTemplate
from .rules import External

KIND = "offer"
LOCATION, CONTACT = "location", "contact"  # roles, and the kinds they lead to


def find(db: Work, offer_id: int) -> Offer:
    """The offer; `NotFound` when there is none."""
    offer = db.get(Offer, (db.tenant_id, offer_id))
    if offer is None:
        raise NotFound("offer.unknown", say("There is no offer {offer_id}.", offer_id=offer_id))
    return offer


def offers(db: Work, offer_ids: Collection[int]) -> dict[int, Offer]:
    found: dict[int, Offer] = {}
    for ids in portions(offer_ids):
        found.update({row.id: row for row in db.scalars(select(Offer).where(Offer.id.in_(ids)))})
    return found


def all_ids(db: Work) -> Sequence[int]:
    return db.scalars(select(Offer.id).order_by(Offer.id)).all()


def templates(db: Work) -> dict[str, External]:
    """What cities can switch on, by alias, retired ones included: the release's, and what the platform's staff say."""
    rows = db.scalars(select(OfferTemplate).order_by(OfferTemplate.alias))
    names = [one.name for one in fields(External)]
    return {**of_release(), **{row.alias: External(**{name: getattr(row, name) for name in names}) for row in rows}}


def template_uses(database: Database) -> dict[str, list[int]]:
    """The cities in which each of them is on. For those who run the platform."""
    found: dict[str, list[int]] = {}
    statement = select(ExternalOffer.alias, ExternalOffer.tenant_id).order_by(ExternalOffer.tenant_id)
    with database.unit_of_work(EVERY_TENANT, reason="looks for the cities that use an offer of another system") as db:
        for alias, tenant_id in db.execute(statement):
            found.setdefault(alias, []).append(tenant_id)
    return found


@cache
def of_release() -> dict[str, External]:
    """What this release knows, as written in templates.toml, by alias."""
    text = files(__package__).joinpath("templates.toml").read_text("utf-8")
    return {one["alias"]: External(**one) for one in tomllib.loads(text)["offer"]}


def switched_on(db: Work) -> dict[str, dict[str, Any]]:
    """What apps are given of the offers the city has switched on, by alias, in its order. None while offers are off."""
    if not tenants.offers(db, "offers"):
        return {}
    rows = db.scalars(select(ExternalOffer).order_by(ExternalOffer.position)).all()
    code = postal_code(db) if rows else ""
    known = templates(db) if rows else {}
    return {
        row.alias: rules.as_apps_expect(known[row.alias], row.address, code)
        for row in rows
        if row.alias in known  # a later release may know fewer
    }


def external(db: Work) -> Sequence[ExternalOffer]:
    """What of other systems is switched on, in the city's order."""
    return db.scalars(select(ExternalOffer).order_by(ExternalOffer.position)).all()


def postal_code(db: Work) -> str:
    """What stands for the city where other systems ask for one; empty when it has none."""
    tenant = db.get(tenants.Tenant, db.tenant_id)
    return next(iter(tenant.postal_codes), "") if tenant else ""
