"""The map on which a place is shown: tiles of the server that the settings name."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, g

from cityinfo.cms.layout import show_pictures_from


@dataclass(frozen=True, slots=True)
class CityMap:
    """Tiles, whom they come from, and the middle of the city: where the map begins."""

    tiles: str
    credit: str
    latitude: float | None
    longitude: float | None


def city_map() -> CityMap | None:
    """The map of this page, which may show its tiles from now on; None where the settings name no tiles."""
    tiles, credit = current_app.extensions["tiles"]
    if not tiles:
        return None
    show_pictures_from(origin(tiles))
    return CityMap(tiles, credit, g.city.latitude, g.city.longitude)


def origin(address: str) -> str:
    """Where tiles come from, as a content security policy says it; `{s}` stands for several servers of one name."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"
