"""Decisions about locations. Pure: no session, no clock."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from cityinfo.features import organizations
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

from . import hours

EARTH_RADIUS = 6371.0  # kilometres
FAR_OFF = 0.5  # kilometres between a point and the address it should belong to
MOST_LINE = 300  # characters
UNKNOWN = "unknown"
ACCESSIBILITY = (  # what one may want to know before one comes
    "step_free_entrance", "automatic_door", "lift", "toilet", "parking", "hearing_loop", "tactile_paving",
    "assistance_dogs", "sign_language", "plain_language",
)  # fmt: skip
ANSWERS = ("yes", "no", "partly", UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where post would go. `street` carries the number, `addition` what helps to find the door."""

    street: str = ""
    addition: str = ""
    postal_code: str = ""
    town: str = ""
    country: str = "DE"

    def line(self) -> str:
        """The address in one line, as one asks a map for it."""
        place = f"{self.postal_code} {self.town}".strip()
        return ", ".join(part for part in (self.street, place, country_name(self.country, "de")) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationFacts:
    """What is said of a location beside words. The first category is the main one.

    `hours` are rules as OpenStreetMap writes them. `barrier_free` None means that nobody knows; `accessibility` answers
    single questions with yes, no, partly or unknown.
    """

    categories: Sequence[str]
    address: Address = Address()
    latitude: float | None = None
    longitude: float | None = None
    on_map: bool = False
    hours: str = ""
    temporarily_closed: bool = False
    appointment_url: str = ""
    barrier_free: bool | None = None
    accessibility: Mapping[str, str] = field(default_factory=dict)
    picture: int | None = None
    organization: int | None = None


def check(facts: LocationFacts) -> None:
    """Raise `Invalid` for what readers' apps could not show; categories are looked up elsewhere."""
    check_address(facts.address)
    check_point(facts.latitude, facts.longitude)
    if facts.on_map and facts.latitude is None:
        raise Invalid("location.on_map", "Without coordinates it cannot be on the map; set a point or take it off.")
    hours.check(facts.hours)
    check_web_address(facts.appointment_url)
    check_accessibility(facts.accessibility)


def check_address(address: Address) -> None:
    for part in (address.street, address.addition, address.postal_code, address.town):
        if len(part) > MOST_LINE or "\0" in part:
            raise Invalid("location.address", say("“{part}…” is too long for a line of an address.", part=part[:60]))
    if address.country == "DE" and address.postal_code and not re.fullmatch("[0-9]{5}", address.postal_code):
        raise Invalid(
            "location.postal_code",
            say("“{postal_code}” is no postal code: write five digits.", postal_code=address.postal_code),
        )
    if address.country not in countries():
        raise Invalid(
            "location.country",
            say(
                "“{country}” is no country known here; choose from: {choices}.",
                country=address.country,
                choices=", ".join(countries()),
            ),
        )


def check_point(latitude: float | None, longitude: float | None) -> None:
    if (latitude is None) != (longitude is None):
        raise Invalid("location.coordinates", "Give latitude and longitude together, or neither.")
    if latitude is not None and longitude is not None and not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise Invalid(
            "location.coordinates",
            say(
                "{latitude}, {longitude} is no place on earth: latitude first.", latitude=latitude, longitude=longitude
            ),
        )


def check_web_address(address: str) -> None:
    if address and not organizations.is_web_address(address):
        raise Invalid(
            "location.web_address", say("“{address}” is no web address; write it with https://.", address=address[:100])
        )


def check_accessibility(answers: Mapping[str, str]) -> None:
    for fact, answer in answers.items():
        if fact not in ACCESSIBILITY:
            raise Invalid(
                "location.accessibility",
                say("“{fact}” is not asked; choose from: {choices}.", fact=fact, choices=", ".join(ACCESSIBILITY)),
            )
        if answer not in ANSWERS:
            raise Invalid(
                "location.accessibility",
                say(
                    "“{answer}” is no answer to {fact}; say {choices}.",
                    answer=answer,
                    fact=fact,
                    choices=", ".join(ANSWERS),
                ),
            )


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two points (latitude, longitude), along a great circle (haversine)."""
    (latitude, longitude), (other_latitude, other_longitude) = (map(math.radians, place) for place in (one, other))
    north, east = (other_latitude - latitude) / 2, (other_longitude - longitude) / 2
    part = math.sin(north) ** 2 + math.cos(latitude) * math.cos(other_latitude) * math.sin(east) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, part)))


def country_name(code: str, language: str) -> str:
    """The name of a country in a language, else in English."""
    names = countries().get(code, {})
    return names.get(language) or names.get(language.partition("-")[0]) or names.get("en", code)


@cache
def countries() -> Mapping[str, Mapping[str, str]]:
    """The countries in which a location can be, by code, with their names by language."""
    return tomllib.loads(files(__package__).joinpath("countries.toml").read_text("utf-8"))
