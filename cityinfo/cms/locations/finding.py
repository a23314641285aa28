"""Where an address is on the map: asked of the server that the settings name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import current_app

from cityinfo.cms import sentences
from cityinfo.features import locations
from cityinfo.features.locations import Geocoder, Proposal
from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.kernel.i18n import _

from .forms import address_typed, coordinate, point_typed

FIND = "find"
SAID = "point_said"  # what came of it, in a sentence


def geocoder() -> Geocoder | None:
    """Who finds coordinates; None where the settings name nobody."""
    opened: Callable[[], Geocoder | None] = current_app.extensions["geocoder"]
    return opened()


def with_point(values: Mapping[str, str]) -> dict[str, str]:
    """The fields with the point that belongs to the address in them, and what to say of it. Needs no database."""
    try:
        found = _found(values)
    except (Invalid, Unavailable) as problem:
        return {**values, SAID: sentences.said(problem)}
    if found is None:
        return {**values, SAID: _("The map knows no such address. Check it, or set the point by hand.")}
    point = {"latitude": coordinate(found.latitude), "longitude": coordinate(found.longitude)}
    return {**values, **point, SAID: _told(values, found)}


def _found(values: Mapping[str, str]) -> Proposal | None:
    asked, address = geocoder(), address_typed(values)
    if asked is None:
        raise Unavailable("geocoder.none", _("No map server is set up here; set the point by hand."))
    if not (address.street or address.town or address.postal_code):
        raise Invalid("location.address", _("Write the address first."))
    return locations.propose_point(asked, address, point=point_typed(values))


def _told(values: Mapping[str, str], found: Proposal) -> str:
    """What was found and, when the point before was somewhere else, how far that was and where."""
    if found.kilometres_off is None or found.kilometres_off <= locations.FAR_OFF:
        return _("Found: {place}", place=found.label)
    off, before = f"{found.kilometres_off:.1f}", f"{values['latitude']}, {values['longitude']}"
    sentence = _("Found: {place}. The point before was {off} kilometres away: {before}")
    return sentence.format(place=found.label, off=off, before=before)
