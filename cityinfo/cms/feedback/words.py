"""What feedback is about, as editors call it."""

from __future__ import annotations

from cityinfo.kernel.i18n import _


def topics() -> dict[str, str]:
    """Every topic in words."""
    return {
        "tenant": _("The city"),
        "page": _("Page"),
        "events": _("Events"),
        "event": _("Event"),
        "map": _("Map"),
        "location": _("Location"),
        "offers": _("Offers"),
        "offer": _("Offer"),
        "imprint": _("Imprint"),
        "search": _("Search"),
        "news": _("News"),
    }
