"""Words that only the screens of locations say."""

from __future__ import annotations

from cityinfo.features import locations
from cityinfo.features.locations import Address, Location
from cityinfo.kernel import i18n
from cityinfo.kernel.i18n import _


def questions() -> dict[str, str]:
    """What one may want to know before one comes."""
    return {
        "step_free_entrance": _("Entrance without steps"),
        "automatic_door": _("Door that opens by itself"),
        "lift": _("Lift"),
        "toilet": _("Toilet for wheelchair users"),
        "parking": _("Parking space for disabled people"),
        "hearing_loop": _("Hearing loop"),
        "tactile_paving": _("Guidance on the floor for blind people"),
        "assistance_dogs": _("Assistance dogs are welcome"),
        "sign_language": _("Sign language is spoken"),
        "plain_language": _("Information in plain language"),
    }


def answers() -> dict[str, str]:
    return {"unknown": _("not known"), "yes": _("yes"), "partly": _("partly"), "no": _("no")}


def whole_answers() -> dict[str, str]:
    """To the question whether all of it can be used without barriers."""
    return {"": _("not known"), "yes": _("yes"), "no": _("no")}


def countries() -> dict[str, str]:
    """Countries by code, as the interface calls them."""
    named = {code: names.get(i18n.language()) or names["en"] for code, names in locations.countries().items()}
    return dict(sorted(named.items(), key=lambda pair: pair[1]))


def address_line(location: Location) -> str:
    """Where it is, in one line."""
    return in_one_line(locations.address_of(location))


def in_one_line(address: Address) -> str:
    place = f"{address.postal_code} {address.town}".strip()
    return ", ".join(part for part in (address.street, place) if part)
