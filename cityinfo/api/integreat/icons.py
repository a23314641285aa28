"""Pictures of the kinds of places, drawn in single strokes; browsers load them by script, so any origin may."""

from __future__ import annotations

from flask import Response

from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say
from cityinfo.web.bodies import Reading
from cityinfo.web.guard import public

_DRAWINGS = {
    "advice": "M4 5h16v11H12l-5 4v-4H4zM8 9h8M8 12h5",
    "culture": "M4 5h16v6a8 8 0 0 1-16 0zM9 9v1M15 9v1M8 14q4 3 8 0",
    "daily_routine": "M12 3a9 9 0 1 0 .01 0M12 7v5l4 2",
    "education": "M2 9l10-5 10 5-10 5zM6 11v5q6 4 12 0v-5M22 9v6",
    "finance": "M17 6a7 7 0 1 0 0 12M4 10h9M4 14h8",
    "gastronomy": "M7 3v18M4 3v5a3 3 0 0 0 6 0V3M17 21V3q4 4 3 10h-3",
    "health": "M12 20L4 12a5 5 0 0 1 8-6 5 5 0 0 1 8 6z",
    "house": "M3 11l9-8 9 8M6 9v11h12V9M10 20v-6h4v6",
    "leisure": "M12 3a9 9 0 1 0 .01 0M12 8l4 3-2 5h-4l-2-5zM12 3v5",
    "media": "M3 5h18v12H3zM8 21h8M12 17v4",
    "medical_aid": "M9 3h6v6h6v6h-6v6H9v-6H3V9h6z",
    "meeting_point": "M8 5a3 3 0 1 0 .01 0M16 5a3 3 0 1 0 .01 0M2 20q0-7 6-7t6 7M14 14q8-3 8 6",
    "mental_health": "M9 21v-4H6v-4H4l2-5a7 7 0 1 1 11 7v6M10 10q2-3 4 0t-2 4",
    "mobility": "M5 4h14v13H5zM5 11h14M8 17v3M16 17v3M8 14h1M15 14h1",
    "office": "M5 21V3h14v18zM9 7h2M13 7h2M9 11h2M13 11h2M10 21v-5h4v5",
    "other": "M12 3a9 9 0 1 0 .01 0M8 12h.01M12 12h.01M16 12h.01",
    "other_help": "M12 3a9 9 0 1 0 .01 0M9 10a3 3 0 1 1 3 3v2M12 18h.01",
    "service": "M3 18h18M5 18a7 7 0 0 1 14 0M12 11V8M10 8h4",
    "shelter": "M3 20L12 4l9 16zM12 12l-4 8h8z",
    "shopping": "M5 8h14l1 13H4zM8 10V7a4 4 0 0 1 8 0v3",
    "structure": "M3 9l9-6 9 6zM5 9v9M10 9v9M14 9v9M19 9v9M3 20h18",
}
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" fill="none"'
    ' stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="{}"/></svg>'
)


@public
def icon(name: str) -> Response:
    """The picture of a kind of place."""
    drawing = _DRAWINGS.get(name)
    if drawing is None:
        raise NotFound("icon.unknown", say("There is no icon “{name}”.", name=name))
    headers = [("Cache-Control", "public, max-age=86400")]
    return Response(_SVG.format(drawing), content_type="image/svg+xml", headers=headers)


def address(reading: Reading, name: str) -> str:
    """Where the picture of an icon key is found."""
    return f"{reading.settings.public_url}/api/v3/icons/{name}.svg"


ROUTES = (("/icons/<name>.svg", icon),)
