"""Reading locations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cityinfo.features import tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import decimal, say
from cityinfo.kernel.listing import portions

from . import hours, rules
from .models import Location
from .ports import Geocoder
from .rules import Address

KIND = "location"
PLACE = "location"  # role in which an entry of any kind names where it takes place or is to be found


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where an address is on the map; `warning` says that the point someone set lies elsewhere."""

    latitude: float
    longitude: float
    label: str
    kilometres_off: float | None = None
    warning: str = ""


def find(db: Work, location_id: int) -> Location:
    """The location; `NotFound` when there is none."""
    location = db.get(Location, (db.tenant_id, location_id))
    if location is None:
        raise NotFound("location.unknown", say("There is no location {location_id}.", location_id=location_id))
    return location


def locations(db: Work, location_ids: Collection[int]) -> dict[int, Location]:
    found: dict[int, Location] = {}
    for ids in portions(location_ids):
        found.update({row.id: row for row in db.scalars(select(Location).where(Location.id.in_(ids)))})
    return found


def all_ids(db: Work) -> Sequence[int]:
    return db.scalars(select(Location.id).order_by(Location.id)).all()


def calendar(db: Work) -> hours.Calendar:
    """The calendar by which this city's opening hours count."""
    tenant = db.get_one(tenants.Tenant, db.tenant_id)
    return hours.calendar(tenant.time_zone, tenant.official_key, tenant.latitude, tenant.longitude)


def address_of(location: Location) -> Address:
    return Address(
        street=location.street,
        addition=location.addition,
        postal_code=location.postal_code,
        town=location.town,
        country=location.country,
    )


def described_address(location: Location, language: str) -> dict[str, Any]:
    """What documents say of where it is."""
    return {
        "street": location.street,
        "addition": location.addition,
        "postal_code": location.postal_code,
        "town": location.town,
        "country": location.country,
        "country_name": rules.country_name(location.country, language),
    }


def propose_point(geocoder: Geocoder, address: Address, *, point: tuple[float, float] | None = None) -> Proposal | None:
    """Ask a map for the address; None when it knows none. `point` is what someone set by hand. Needs no database."""
    found = next(iter(geocoder.find(address.line())), None)
    if found is None:
        return None
    off = None if point is None else round(rules.kilometres(point, (found.latitude, found.longitude)), 2)
    warning = _far_off(off, found.label) if off is not None and off > rules.FAR_OFF else ""
    return Proposal(found.latitude, found.longitude, found.label, off, warning)


def _far_off(kilometres: float, label: str) -> str:
    return say(
        "The point lies {kilometres} km away from “{label}”; check the address or move the point.",
        kilometres=decimal(kilometres, 2),
        label=label,
    )
