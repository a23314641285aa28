"""Organizations, as pages and places name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cityinfo.api.http import absolute_media
from cityinfo.web.bodies import Reading


def organization(reading: Reading, document: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The organization a document names. One without a website is left out: apps fail on it."""
    if document is None or not document["website"]:
        return None
    logo = document["logo"]
    return {
        "id": document["id"],
        "slug": document["slug"],
        "name": document["name"],
        "website": document["website"],
        "logo": absolute_media(reading, logo["url"]) if logo else None,
    }
