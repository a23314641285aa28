"""Locations with their contacts, called places or POIs in the apps, and the categories they are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request

from cityinfo.api.http import absolute_media, json_piece
from cityinfo.features import contacts as contact_features
from cityinfo.features import locations as features
from cityinfo.features import tenants
from cityinfo.features.locations import hours
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say
from cityinfo.web.bodies import Answer, Reading, serve, window
from cityinfo.web.guard import public

from . import icons
from .answers import answer, changed
from .organizations import organization
from .places import Places

HOUR = 3600  # seconds; wherever a day begins, an hour does
_KINDS = (features.KIND, contact_features.KIND)
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no", "")

Document = Mapping[str, Any]
Item = dict[str, Any]


@public
def locations(tenant: str, language: str) -> Response:
    """Every public location of the language; with `on_map` those that are on the map, or those that are not.

    Apps count on a place being public in the city's main language too, so that nobody loses it by choosing another one.
    Opening hours are those of the seven days from today on: apps ask them whether it is open now, and so holidays and
    exceptions count.
    """
    on_map = _on_map(request.args.get("on_map"))
    start, left = window(HOUR)

    def build(reading: Reading) -> Answer:
        return _locations(reading, on_map, start.astimezone(ZoneInfo(reading.tenant.time_zone)).date())

    return serve(
        "v3.locations",
        tenant=tenant,
        language=language.lower(),
        params={"on_map": str(on_map), "hour": start.isoformat()},
        kinds=_KINDS,
        valid_for=left,
        build=build,
    )


@public
def categories(tenant: str, language: str) -> Response:
    """The categories every city has, and those of its own that a public location is in."""
    return serve(
        "v3.location-categories", tenant=tenant, language=language.lower(), kinds=(features.KIND,), build=_categories
    )


def _on_map(text: str | None) -> bool | None:
    if text is None:
        return None
    if text.lower() not in _YES + _NO:
        raise Invalid("request.on_map", say("on_map must be 1 or 0, not “{text}”.", text=text[:60]))
    return text.lower() in _YES


def _locations(reading: Reading, on_map: bool | None, today: date) -> Answer:
    at: dict[int, list[Document]] = {}
    for contact in sorted(reading.documents(contact_features.KIND), key=_first_primary):
        if contact["location"]:
            at.setdefault(contact["location"]["id"], []).append(contact)
    writer = _Writer(reading, today)
    mains = _main_languages(reading)
    seen = {node.id for node in reading.outline(features.KIND) if mains <= node.texts.keys()}
    found = [
        (one["title"].casefold(), one["id"], json_piece(writer.location(one, at.get(one["id"], ()))))
        for one in reading.each_document(features.KIND)
        if on_map in (None, one["on_map"]) and one["id"] in seen
    ]
    found.sort(key=lambda one: one[:2])
    return answer([location for _, _, location in found], reading)


def _main_languages(reading: Reading) -> set[str]:
    """The one the others are translated from; none while the city does not publish in it."""
    return {one.language for one in tenants.tree(reading.db).values() if one.source is None and one.active}


def _first_primary(contact: Document) -> tuple[bool, int]:
    return not contact["primary"], contact["id"]


def _categories(reading: Reading) -> Answer:
    given = (category for category in features.common(reading.db).values() if not category.retired)
    common = [category.described(reading.language) for category in given]
    own = {one["id"]: one for document in reading.documents(features.KIND) for one in document["categories"]}
    return answer([_category(reading, one) for one in {**{one["id"]: one for one in common}, **own}.values()], reading)


def _category(reading: Reading, category: Document) -> Item:
    return {
        "id": category["id"],
        "name": category["name"],
        "color": category["color"],
        "icon": category["icon"],
        "icon_url": icons.address(reading, category["icon"]),
        "icon_color": f"{category['icon']}_{category['color']}",
    }


class _Writer:
    """Writes published locations as the apps expect them. What is the same for all is prepared once."""

    def __init__(self, reading: Reading, today: date) -> None:
        tenant = reading.tenant
        self._reading = reading
        self._places = Places(reading, features.KIND)
        self._zone = tenant.time_zone
        self._calendar = hours.calendar(tenant.time_zone, tenant.official_key, tenant.latitude, tenant.longitude)
        self._today = today
        self._weeks: dict[str, list[Item] | None] = {}

    def location(self, location: Document, contacts: Sequence[Document]) -> Item:
        place = self._places.place(location["id"])
        picture, closed = location["picture"], location["temporarily_closed"]
        return {
            "id": location["v3"]["id"],
            "url": place.url,
            "path": place.path,
            "title": location["title"],
            **changed(location["changed_at"], self._zone),
            "meta_description": location["excerpt"] or None,
            "excerpt": location["excerpt"],
            "content": self._places.with_links(location["content"]),
            "available_languages": self._places.other_languages(location["id"]),
            "icon": None,
            "thumbnail": absolute_media(self._reading, picture["url"]) if picture else None,
            **dict.fromkeys(("website", "email", "phone_number", "hash")),
            "contacts": list(self._contacts(contacts, closed=closed)),
            "category": _category(self._reading, location["categories"][0]),
            "temporarily_closed": closed,
            "opening_hours": None if closed else self._week(location["opening_hours"]),
            "appointment_url": location["appointment_url"],
            "location": _position(location),
            "organization": organization(self._reading, location["organization"]),
            "barrier_free": location["barrier_free"],
        }

    def _contacts(self, contacts: Iterable[Document], *, closed: bool) -> Iterable[Item]:
        """Apps tell contacts apart by what stands above them, so none may stand above two."""
        taken: set[str] = set()
        for contact in contacts:
            area = _free_area(contact, taken)
            inherits = not contact["own_hours"]
            yield {
                "area_of_responsibility": area,
                "name": contact["name"],
                "email": contact["email"],
                "phone_number": contact["phone"],
                "mobile_number": contact["mobile"],
                "website": contact["website"],
                "opening_hours": None if closed and inherits else self._week(contact["opening_hours"]),
                "appointment_url": contact["appointment_url"],
            }

    def _week(self, rules: str | None) -> list[Item] | None:
        """Seven days from Monday; None when it never opens, as when nothing is said."""
        if not rules:
            return None
        if rules not in self._weeks:
            days = hours.week(rules, self._calendar, self._today)
            opens = not all(day.closed for day in days) or hours.ever_opens(rules, self._calendar, self._today)
            self._weeks[rules] = [self._day(day) for day in days] if opens else None
        return self._weeks[rules]

    def _day(self, day: hours.Day) -> Item:
        zone = self._calendar.time_zone
        slots = [{"start": f"{one.start:%H:%M}", "end": f"{one.end:%H:%M}", "timezone": zone} for one in day.slots]
        return {
            "allDay": day.all_day,
            "closed": day.closed,
            "appointmentOnly": day.appointment,
            "timeSlots": slots,
        }


def _free_area(contact: Document, taken: set[str]) -> str:
    """What the contact is responsible for, counted on until nothing else stands under the same headline."""
    numbered = (contact["title"] + (f" ({number})" if number > 1 else "") for number in count(1))
    headlines = ((area, contact_features.headline(contact["name"] or "", area)) for area in numbered)
    area, headline = next(one for one in headlines if one[1] not in taken)
    taken.add(headline)
    return str(area)


def _position(location: Document) -> Item:
    address = location["address"]
    return {
        "id": location["v3"]["entry_id"],
        "name": location["title"],
        "address": ", ".join(part for part in (address["street"], address["addition"]) if part),
        "town": address["town"],
        "state": None,
        "postcode": address["postal_code"],
        "region": None,
        "country": address["country_name"],
        "latitude": location["latitude"],
        "longitude": location["longitude"],
    }


ROUTES = (
    ("/<tenant>/<language>/locations/", locations),
    ("/<tenant>/<language>/location-categories/", categories),
)
