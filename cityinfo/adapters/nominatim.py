"""Asking a Nominatim server where an address is."""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from cityinfo.features.locations.ports import Found
from cityinfo.kernel.errors import Unavailable

PATIENCE = 10.0  # seconds
MOST = 5


class NominatimServer:
    """Fulfils `features.locations.ports.Geocoder`. `site` names who asks, as operators of such servers wish."""

    def __init__(self, url: str, *, site: str, transport: httpx.BaseTransport | None = None) -> None:
        self._url = f"{url.rstrip('/')}/search"
        self._headers = {"User-Agent": f"cityinfo ({site})"}
        self._transport = transport

    def find(self, address: str) -> Sequence[Found]:
        """What fits, best first, nothing when nothing does; `Unavailable` when nobody answers."""
        asked = {"q": address, "format": "jsonv2", "limit": str(MOST)}
        try:
            with httpx.Client(transport=self._transport, timeout=PATIENCE, headers=self._headers) as client:
                answer = client.get(self._url, params=asked).raise_for_status()
            return [Found(float(one["lat"]), float(one["lon"]), str(one["display_name"])) for one in answer.json()]
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Unavailable("geocoder.failed", "The map server does not answer; set the point by hand.") from None
        except (KeyError, TypeError, ValueError):
            raise Unavailable(
                "geocoder.answer", "The map server's answer makes no sense; set the point by hand."
            ) from None
