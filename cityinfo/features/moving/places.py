"""Places with their contacts and categories, as the old system tells them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cityinfo.features import contacts, locations

from .answers import Object
from .grouping import Group, Rows, all_said, first, grouped, identity, key_of
from .organizations import key_of as organization_key
from .types import Found, Said
from .weeks import rules_of

GERMANY = "DE"


def places_of(rows: Rows, on_map: Rows) -> list[Found]:
    """Every place, those on the map said to be."""
    shown = {(language, identity(one)) for language, some in on_map.items() for one in some}
    return [_place(group, shown) for group in grouped(rows)]


def contacts_of(rows: Rows) -> list[Found]:
    """The contacts of every place. They have no identity there but their place in the list."""
    return [one for group in grouped(rows) for one in _contacts(group)]


def categories_of(lists: Rows, rows: Rows) -> dict[str, dict[str, Any]]:
    """Names, icon and colour of every category, by its number."""
    found: dict[str, dict[str, Any]] = {}
    named = [(language, one) for language, some in lists.items() for one in some]
    named += [(language, one.object("category")) for language, some in rows.items() for one in some]
    for language, one in named:
        number, name = one.identity(), one.title("name")
        if number and name:
            known = found.setdefault(str(number), {"names": {}, "icon": one.text("icon"), "color": one.text("color")})
            known["names"].setdefault(language, name)
    return found


def place_key(group: Group) -> str:
    """The number under which events name a place."""
    return key_of(group, first(group).object("location").identity())


def _place(group: Group, shown: set[tuple[str, str]]) -> Found:
    one = first(group)
    point = (one.object("location").number("latitude"), one.object("location").number("longitude"))
    category = one.object("category").identity()
    facts: dict[str, Any] = {
        "categories": [str(category)] if category else [],
        "address": _address(one.object("location")),
        "hours": rules_of(one.objects("opening_hours")),
        "temporarily_closed": one.flag("temporarily_closed"),
        "appointment_url": one.text("appointment_url"),
        "barrier_free": one.values.get("barrier_free") if isinstance(one.values.get("barrier_free"), bool) else None,
        "picture": one.text("thumbnail"),
        "organization": organization_key(one.object("organization")),
    }
    if None not in point and point != (0, 0):
        is_shown = any((language, identity(said)) in shown for language, said in group.items())
        facts |= {"latitude": point[0], "longitude": point[1], "on_map": is_shown}
    return Found(
        kind=locations.KIND,
        key=place_key(group),
        texts=all_said(group),
        facts={name: value for name, value in facts.items() if value not in ("", None, False)},
        id_v3=one.object("location").identity(),
    )


def _address(place: Object) -> dict[str, str]:
    country = _country(place.text("country"))
    code = place.text("postcode").strip()
    if country == GERMANY and not re.fullmatch("[0-9]{5}", code):
        code = ""
    said = {"street": place.title("address"), "postal_code": code, "town": place.title("town"), "country": country}
    return {name: value for name, value in said.items() if value}


def _country(name: str) -> str:
    """A country by its name in any language, Germany where nobody knows it."""
    wanted = name.strip().casefold()
    for code, names in locations.countries().items():
        if wanted in (code.casefold(), *(one.casefold() for one in names.values())):
            return code
    return GERMANY


def _contacts(group: Group) -> Iterator[Found]:
    place, one = place_key(group), first(group)
    hours = rules_of(one.objects("opening_hours"))
    for number, contact in enumerate(one.objects("contacts")):
        in_languages = {
            language: said.objects("contacts")[number]
            for language, said in group.items()
            if len(said.objects("contacts")) > number
        }
        yield _contact(f"{place}/{number}", place, contact, in_languages, group, hours, is_first=number == 0)


def _contact(
    key: str, place: str, contact: Object, in_languages: Group, group: Group, hours: str, *, is_first: bool
) -> Found:
    area, name = contact.title("area_of_responsibility"), contact.title("name")
    own = rules_of(contact.objects("opening_hours"))
    facts: dict[str, Any] = {
        "name": name if area else "",  # without an area, the name is what the contact is called
        "phone": contact.text("phone_number"),
        "mobile": contact.text("mobile_number"),
        "email": contact.text("email"),
        "website": contact.text("website"),
        "appointment_url": contact.text("appointment_url"),
        "hours": "" if own == hours else own,
        "primary": is_first and not area,
        "location": place,
    }
    titles = {language: _called(one, group[language]) for language, one in in_languages.items()}
    return Found(
        kind=contacts.KIND,
        key=key,
        texts={
            language: Said(source=key, title=title, changed=group[language].moment("last_updated"))
            for language, title in titles.items()
        },
        facts={name: value for name, value in facts.items() if value},
    )


def _called(contact: Object, place: Object) -> str:
    return contact.title("area_of_responsibility") or contact.title("name") or place.title() or "–"
