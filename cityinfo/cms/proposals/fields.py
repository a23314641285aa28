"""The facts of every kind that can be proposed, as people call them, read them and type them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from cityinfo.cms import amounts
from cityinfo.cms.locations.words import countries, questions
from cityinfo.cms.offers.words import audiences
from cityinfo.cms.offers.words import sorts as sorts_of_offers
from cityinfo.cms.organizations.words import sorts as sorts_of_organizations
from cityinfo.cms.words import for_field
from cityinfo.features import contacts, locations, offers, organizations
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _, say

from . import words

NOTHING = "–"


class Shape(StrEnum):
    """How a fact is typed. What is no more than shown is chosen where the whole record is edited."""

    LINE = "text"
    ADDRESS = "url"
    MAIL = "email"
    PHONE = "tel"
    NUMBER = "number"
    MONEY = "money"
    MOMENT = "moment"
    HOURS = "hours"
    SWITCH = "switch"
    CHOICE = "choice"
    ANSWER = "answer"
    ENTRIES = "entries"
    LIST = "list"


SHOWN = (Shape.ENTRIES, Shape.LIST)


@dataclass(frozen=True, slots=True)
class Field:
    """A fact: its name, what people call it, how it is typed, and names of what can be chosen. Not all are asked for.

    What a city names itself has no `options` until someone who reads the database adds them.
    """

    name: str
    label: str
    shape: Shape = Shape.LINE
    options: Mapping[str, str] = field(default_factory=dict)
    is_asked: bool = True

    @property
    def key(self) -> str:
        """The name of the field in a form."""
        return f"fact-{self.name.replace('.', '-')}"

    @property
    def can_be_typed(self) -> bool:
        return self.is_asked and self.shape not in SHOWN


def fields_of(kind: str) -> list[Field]:
    """The facts of a kind, in the order in which they are asked for; none where words alone are proposed."""
    kinds = {
        organizations.KIND: _of_organizations,
        locations.KIND: _of_locations,
        contacts.KIND: _of_contacts,
        offers.KIND: _of_offers,
    }
    return kinds[kind]() if kind in kinds else []


def typed_as(one: Field, value: Any, zone: ZoneInfo) -> str:
    """A value as the field shows it."""
    if one.shape is Shape.SWITCH:
        return "1" if value else ""
    if one.shape is Shape.ANSWER:
        return {True: "yes", False: "no"}.get(value, "")
    if one.shape is Shape.MONEY:
        return amounts.euros(value)
    if one.shape is Shape.MOMENT:
        return for_field(_moment(value), zone=zone)
    return "" if value is None else str(value)


def read(one: Field, text: str, zone: ZoneInfo) -> Any:
    """What was typed as a value; `Invalid` when it cannot be one."""
    text = text.strip()
    if one.shape is Shape.SWITCH:
        return bool(text)
    if one.shape is Shape.ANSWER:
        return {"yes": True, "no": False}.get(text)
    if one.shape is Shape.MONEY:
        return _cents(one, text)
    if one.shape is Shape.NUMBER:
        return _number(one, text) if text else None
    if one.shape is Shape.MOMENT:
        return _typed_moment(one, text, zone) if text else None
    return text


def in_words(one: Field, value: Any, titles: Mapping[int, str], zone: ZoneInfo) -> str:
    """A value as people read it; `titles` names the entries that it may lead to."""
    if one.shape in (Shape.SWITCH, Shape.ANSWER):
        return {True: _("yes"), False: _("no")}.get(value, NOTHING)
    if one.shape is Shape.ENTRIES:
        ids = value if isinstance(value, list | tuple) else [value] if value else []
        return ", ".join(titles.get(one_id) or _("(without words yet)") for one_id in ids) or NOTHING
    if one.shape is Shape.LIST:
        return words.listed(value, one.options) or NOTHING
    if one.shape is Shape.MONEY and value is not None:
        return _("{euros} euros", euros=amounts.euros(value))
    if one.shape is Shape.MOMENT and value:
        moment = _moment(value)
        return f"{moment.astimezone(zone):%d.%m.%Y, %H:%M}" if moment else NOTHING
    text = "" if value is None else str(value)
    return one.options.get(text, text) or NOTHING


def entries_in(one: Field, value: Any) -> list[int]:
    """The entries that a value leads to."""
    if one.shape is not Shape.ENTRIES or not value:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _of_organizations() -> list[Field]:
    return [
        Field("sort", _("Kind of organization"), Shape.CHOICE, sorts_of_organizations()),
        Field("website", _("Web address"), Shape.ADDRESS),
        Field("seal", _("Web address of the transparency statement"), Shape.ADDRESS),
        Field("logo", _("Logo"), Shape.ENTRIES),
        Field("part_of", _("Part of"), Shape.ENTRIES),
        Field("project_of", _("Project of"), Shape.ENTRIES),
        Field("partners", _("Partners"), Shape.ENTRIES),
    ]


def _of_locations() -> list[Field]:
    return [
        Field("address.street", _("Street and number")),
        Field("address.addition", _("What helps to find the door")),
        Field("address.postal_code", _("Postal code")),
        Field("address.town", _("Town")),
        Field("address.country", _("Country"), options=countries(), is_asked=False),
        Field("hours", _("Opening hours"), Shape.HOURS),
        Field("temporarily_closed", _("Closed for the time being"), Shape.SWITCH),
        Field("appointment_url", _("Web address for appointments"), Shape.ADDRESS),
        Field("barrier_free", _("Without barriers"), Shape.ANSWER, {"yes": _("yes"), "no": _("no")}),
        Field("latitude", _("Latitude"), is_asked=False),
        Field("longitude", _("Longitude"), is_asked=False),
        Field("on_map", _("On the map"), Shape.SWITCH, is_asked=False),
        Field("categories", _("Categories"), Shape.LIST),
        Field("accessibility", _("Accessibility"), Shape.LIST, questions()),
        Field("picture", _("Picture"), Shape.ENTRIES),
    ]


def _of_contacts() -> list[Field]:
    return [
        Field("name", _("Name of a person")),
        Field("phone", _("Phone"), Shape.PHONE),
        Field("mobile", _("Mobile phone"), Shape.PHONE),
        Field("email", _("E-mail address"), Shape.MAIL),
        Field("website", _("Web address"), Shape.ADDRESS),
        Field("appointment_url", _("Web address for appointments"), Shape.ADDRESS),
        Field("hours", _("Opening hours"), Shape.HOURS),
        Field("primary", _("First contact of its location"), Shape.SWITCH, is_asked=False),
        Field("location", _("Location"), Shape.ENTRIES),
    ]


def _of_offers() -> list[Field]:
    return [
        Field("sort", _("Kind of offer"), Shape.CHOICE, sorts_of_offers()),
        Field("link", _("Web address"), Shape.ADDRESS),
        Field("appointment", _("Web address for appointments"), Shape.ADDRESS),
        Field("cost_from", _("Costs from (euros)"), Shape.MONEY),
        Field("cost_to", _("Costs up to (euros)"), Shape.MONEY),
        Field("age_from", _("From the age of"), Shape.NUMBER),
        Field("age_to", _("Up to the age of"), Shape.NUMBER),
        Field("deadline", _("Apply until"), Shape.MOMENT),
        Field("valid_until", _("Ends on"), Shape.MOMENT),
        Field("locations", _("Locations"), Shape.ENTRIES),
        Field("contacts", _("Contacts"), Shape.ENTRIES),
        Field("picture", _("Picture"), Shape.ENTRIES),
        Field("audiences", _("For whom"), Shape.LIST, audiences()),
        Field("spoken", _("Languages spoken"), Shape.LIST),
        Field("schedule", _("Times in a week"), Shape.LIST),
    ]


def _cents(one: Field, text: str) -> int | None:
    try:
        return amounts.cents(text)
    except Invalid:
        raise Invalid("proposal.money", say("“{label}”: write an amount such as 12.50.", label=one.label)) from None


def _number(one: Field, text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise Invalid("proposal.number", say("“{label}”: write a whole number.", label=one.label))
    return int(text)


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else value or None


def _typed_moment(one: Field, text: str, zone: ZoneInfo) -> str:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone).isoformat()
    except ValueError:
        raise Invalid(
            "proposal.moment", say("“{label}”: write a day and a time, like 2026-05-31 08:00.", label=one.label)
        ) from None
