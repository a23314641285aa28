"""Decisions about tenants. Pure: no session, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import decimal, say

# First segments of addresses that belong to the service or that readers' apps use themselves.
RESERVED_SLUGS = frozenset(
    "admin api app assets cms consent docs favicon.ico healthz hsds imprint jpal landing licenses login main-disclaimer"
    " main-imprint media metrics not-found platform readyz recommend regions robots.txt search sitemap.xml social"
    " static wp-json".split()
)
FEATURES = (
    *("events", "locations", "contacts", "offers", "push_notifications", "external_news", "chat", "fallback"),
    "two_person_news",
)
# What an entry of a kind needs to be public: any of these. Kinds that are not here are public in every city.
SWITCHES = {
    "event": ("events",),
    "location": ("locations",),
    "contact": ("contacts",),
    "offer": ("offers",),
    "news": ("push_notifications", "external_news"),
}
GERMANY = [[5.87, 47.27], [15.04, 55.06]]
PREFIXES = (
    "Landeshauptstadt Hansestadt Universitätsstadt Stadtgemeinde Samtgemeinde Verbandsgemeinde Verwaltungsgemeinschaft"
    " Regionalverband Landkreis Bezirk Gemeinde Kreis Markt Region Stadt Amt".split()
)
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, of words as large as those on buttons and links
PAPERS = {"light": "#ffffff", "dark": "#15171f"}  # what apps write on, by day and by night
_INKS = ("#ffffff", "#000000")
LANGUAGE_NAMES = ("native_name", "name_de", "name_en")
MOST_LANGUAGE_NAME = 100
DIRECTIONS = ("ltr", "rtl")
_LANGUAGE_SLUG = re.compile("[a-z]{2,3}(-[a-z0-9]{2,8})*")
_BCP47 = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_COLOUR = re.compile("#[0-9a-f]{6}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_POINT = ("latitude", "longitude")
_HALF_WIDTH, _HALF_HEIGHT = 0.12, 0.08  # degrees around a centre whose area nobody has drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """How readers' apps look in a city: the colour of links and buttons by day and by night, as #rrggbb, and a logo.

    Without colours apps have their own. The logo is what files say of themselves: its address, width and height.
    """

    light: str = ""
    dark: str = ""
    logo: Mapping[str, Any] | None = None

    def colours(self) -> dict[str, str]:
        return {"light": self.light, "dark": self.dark}


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFacts:
    """A language of the registry: its part of every address, its tag (BCP 47), what it is called, its direction."""

    slug: str
    bcp47: str
    native_name: str
    name_de: str
    name_en: str
    direction: str


def checked_language(facts: LanguageFacts) -> LanguageFacts:
    """As it is kept: names without spaces around them."""
    names = {name: " ".join(getattr(facts, name).split()) for name in LANGUAGE_NAMES}
    if not _LANGUAGE_SLUG.fullmatch(facts.slug):
        raise Invalid("language.slug", "Write the address like de or de-simple: small letters, digits and hyphens.")
    if not _BCP47.fullmatch(facts.bcp47):
        raise Invalid("language.bcp47", "Write a language tag like uk, zh-Hans or sr-Latn.")
    for name, words in names.items():
        if not words or len(words) > MOST_LANGUAGE_NAME:
            raise Invalid(f"language.{name}", say("Write a name of at most {most} letters.", most=MOST_LANGUAGE_NAME))
    if facts.direction not in DIRECTIONS:
        raise Invalid("language.direction", "Say in which direction it is written.")
    return replace(facts, **names)


def check_slug(slug: str) -> None:
    """Lower-case letters, digits and single hyphens; none that the service needs itself."""
    if not _SLUG.fullmatch(slug):
        raise Invalid(
            "tenant.slug", say("“{slug}” is no address for a city: use a-z, 0-9 and single hyphens.", slug=slug)
        )
    if slug in RESERVED_SLUGS:
        raise Invalid("tenant.slug_reserved", say("The address “{slug}” is reserved; choose another one.", slug=slug))


def check_official_key(key: str) -> None:
    """8 digits (AGS) or 12 digits (ARS), the join key to national catalogues; may be empty."""
    if key and not re.fullmatch(r"[0-9]{8}|[0-9]{12}", key):
        raise Invalid(
            "tenant.official_key", say("“{key}” is no official municipality key: write 8 or 12 digits.", key=key)
        )


def check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: “Europe” is a folder
        raise Invalid(
            "tenant.time_zone", say("“{name}” is no time zone; write one such as Europe/Berlin.", name=name)
        ) from None


def check_point(latitude: float | None, longitude: float | None) -> None:
    if (latitude is None) != (longitude is None):
        raise Invalid("tenant.coordinates", "Give latitude and longitude together, or neither.")
    if latitude is not None and longitude is not None and not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise Invalid(
            "tenant.coordinates",
            say(
                "{latitude}, {longitude} is no place on earth: latitude first.", latitude=latitude, longitude=longitude
            ),
        )


def check_aliases(aliases: Mapping[str, Any]) -> None:
    """Other names, each with the point readers are led to."""
    for name, place in aliases.items():
        if not (isinstance(place, Mapping) and all(isinstance(place.get(one), int | float) for one in _POINT)):
            raise Invalid("tenant.alias", say("“{name}” needs a latitude and a longitude of its own.", name=name))
        check_point(place["latitude"], place["longitude"])


def check_box(box: Sequence[Sequence[float]]) -> None:
    """[[west, south], [east, north]] with an area; readers' apps fail on anything else."""
    try:
        (west, south), (east, north) = box
        usable = -180 <= west < east <= 180 and -90 <= south < north <= 90
    except (TypeError, ValueError):
        usable = False
    if not usable:
        raise Invalid("tenant.bounding_box", "A bounding box is [[west, south], [east, north]] and not empty.")


def check_postal_codes(codes: Sequence[str]) -> None:
    for code in codes:
        if not re.fullmatch(r"[0-9]{5}", code):
            raise Invalid("tenant.postal_code", say("“{code}” is no postal code: write five digits.", code=code))


def box_around(latitude: float | None, longitude: float | None) -> list[list[float]]:
    """A box for a tenant that has none: around its centre, else the whole country."""
    if latitude is None or longitude is None:
        return GERMANY
    west, south = longitude - _HALF_WIDTH, latitude - _HALF_HEIGHT
    return [[west, south], [longitude + _HALF_WIDTH, latitude + _HALF_HEIGHT]]


_TOO_FAINT = {
    "light": say("By day {colour} is too faint on white: its contrast is {found}, and 4.5 is needed. Take {nearest}."),
    "dark": say("By night {colour} is too faint: its contrast is {found}, and 4.5 is needed. Take {nearest}."),
}


def check_theme(theme: Theme) -> None:
    """Two colours that can be read on what apps write on, or none; `data` has the nearest one that can."""
    if not theme.light and not theme.dark:
        return
    for scheme, colour in theme.colours().items():
        if not _COLOUR.fullmatch(colour):
            raise Invalid("theme.colour", "Write both colours as # and six digits, such as #2044aa.", scheme=scheme)
        found = contrast(colour, PAPERS[scheme])
        if found < LEAST_CONTRAST:
            nearest = readable(colour, scheme)
            sentence = _TOO_FAINT[scheme].with_values(colour=colour, found=decimal(found, 1), nearest=nearest)
            raise Invalid("theme.contrast", sentence, scheme=scheme, nearest=nearest)


def contrast(one: str, other: str) -> float:
    """How clearly two colours differ, from 1 to 21 (WCAG 2.2)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """What is written on a button of this colour: white or black, whichever is clearer."""
    return max(_INKS, key=lambda ink: contrast(ink, colour))


def readable(colour: str, scheme: str) -> str:
    """The nearest colour that can be read: darker by day, brighter by night."""
    end = 0 if scheme == "light" else 255
    for step in range(101):
        mixed = [round(part + (end - part) * step / 100) for part in _parts(colour)]
        found = "#" + "".join(f"{part:02x}" for part in mixed)
        if contrast(found, PAPERS[scheme]) >= LEAST_CONTRAST:
            return found
    return _INKS[scheme == "light"]


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG computes it of sRGB."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def split_name(full_name: str) -> tuple[str, str]:
    """Prefix and name of “Landkreis Augsburg”; readers find the city under A, not under L."""
    first, _, rest = full_name.strip().partition(" ")
    return (first, rest.strip()) if first in PREFIXES and rest.strip() else ("", full_name.strip())


def check_no_repetition(languages: Sequence[str]) -> None:
    for language in languages:
        if languages.count(language) > 1:
            raise Invalid("tenant.language_twice", say("{language} stands in the tree twice.", language=language))


def check_tree(sources: Mapping[str, str | None]) -> None:
    """Every language but one names a source within the tree, and following sources ends at that one."""
    roots = [language for language, source in sources.items() if source is None]
    if len(roots) != 1:
        raise Invalid("tenant.language_root", "Exactly one language is the one others are translated from.")
    for language, source in sources.items():
        if source is not None and source not in sources:
            raise Invalid(
                "tenant.language_source",
                say(
                    "{language} is translated from {source}, which is not in the tree.",
                    language=language,
                    source=source,
                ),
            )
    for language in sources:
        _check_reaches_root(language, sources)


def _check_reaches_root(language: str, sources: Mapping[str, str | None]) -> None:
    seen: list[str] = []
    step: str | None = language
    while step is not None:
        if step in seen:
            raise Invalid(
                "tenant.language_cycle", say("{choices} goes round in a circle.", choices=" → ".join([*seen, step]))
            )
        seen.append(step)
        step = sources[step]
