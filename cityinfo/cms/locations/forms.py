"""What the form of a location shows and sends. Everything in it is text, as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cityinfo.cms.entries import picking
from cityinfo.features.locations import ACCESSIBILITY, UNKNOWN, Address, LocationFacts
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _

ADDRESS = ("street", "addition", "postal_code", "town", "country")
ASKED = {fact: f"access_{fact}" for fact in ACCESSIBILITY}
NAMES = (
    *ADDRESS,
    *("latitude", "longitude", "on_map", "category", "also", "temporarily_closed", "appointment_url", "barrier_free"),
    *("picture", "find_picture", "organization"),
    *ASKED.values(),
)
SEVERAL = ("also",)  # categories beside the main one
_YES_NO: Mapping[str, bool | None] = {"yes": True, "no": False}


def shown(facts: LocationFacts) -> dict[str, str]:
    """The facts of a location as fields show them."""
    main, *others = facts.categories or [""]
    return {
        **{name: getattr(facts.address, name) for name in ADDRESS},
        "latitude": coordinate(facts.latitude),
        "longitude": coordinate(facts.longitude),
        "on_map": "1" if facts.on_map else "",
        "category": main,
        "also": ",".join(others),
        "temporarily_closed": "1" if facts.temporarily_closed else "",
        "appointment_url": facts.appointment_url,
        "barrier_free": {True: "yes", False: "no", None: ""}[facts.barrier_free],
        "picture": str(facts.picture or ""),
        "organization": str(facts.organization or ""),
        **{name: facts.accessibility.get(fact, UNKNOWN) for fact, name in ASKED.items()},
    }


def with_facts(before: LocationFacts, values: Mapping[str, str], hours: str) -> LocationFacts:
    """The location with what was typed; what the form does not ask for stays as it was."""
    answers = {fact: values[name] for fact, name in ASKED.items()}
    return replace(
        before,
        categories=_categories(before, values),
        address=address_typed(values),
        latitude=_number(values["latitude"]),
        longitude=_number(values["longitude"]),
        on_map=bool(values["on_map"]),
        hours=hours,
        temporarily_closed=bool(values["temporarily_closed"]),
        appointment_url=values["appointment_url"].strip(),
        barrier_free=_YES_NO.get(values["barrier_free"]),
        accessibility={fact: answer for fact, answer in answers.items() if answer not in ("", UNKNOWN)},
        picture=picking.one(values["picture"]),
        organization=picking.one(values["organization"]),
    )


def address_typed(values: Mapping[str, str]) -> Address:
    lines = {name: " ".join(values[name].split()) for name in ADDRESS}
    return Address(**{**lines, "country": lines["country"] or "DE"})


def point_typed(values: Mapping[str, str]) -> tuple[float, float] | None:
    """Where it is, if that was typed."""
    latitude, longitude = _number(values["latitude"]), _number(values["longitude"])
    return None if latitude is None or longitude is None else (latitude, longitude)


def coordinate(number: float | None) -> str:
    """A coordinate as its field shows it."""
    return "" if number is None else f"{number:.7f}".rstrip("0").rstrip(".")


def _categories(before: LocationFacts, values: Mapping[str, str]) -> list[str]:
    """The main one, then those that were there before, in their order, then new ones."""
    also = [one for one in values["also"].split(",") if one]
    earlier = [one for one in before.categories if one in also]
    return [one for one in dict.fromkeys((values["category"], *earlier, *also)) if one]


def _number(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        sentence = _("“{text}” is no coordinate; write a number such as 48.37.", text=text[:30])
        raise Invalid("location.number", sentence) from None
