"""Small pictures that stand among the words of texts, drawn in single strokes."""

from __future__ import annotations

from collections.abc import Mapping

# As large as the letters beside it. Apps know no rule of ours for the class.
_SIZE = {"width": "18", "height": "18"}
_DRAWINGS = {
    "pin": "M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21zM12 7a2.5 2.5 0 1 0 .01 0",
    "web": "M12 3a9 9 0 1 0 .01 0M3 12h18M12 3q-7 9 0 18M12 3q7 9 0 18",
    "mail": "M3 6h18v12H3zM3 7l9 6 9-6",
    "phone": "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2",
    "clock": "M12 3a9 9 0 1 0 .01 0M12 7v5l3 3",
    "hint": "M9 16a5 5 0 1 1 6 0q-1 1-1 3h-4q0-2-1-3M9.5 22h5M12 2V1M4 5l1 1M20 5l-1 1",
    "group": "M8 5a3 3 0 1 0 .01 0M16 5a3 3 0 1 0 .01 0M2 20q0-7 6-7t6 7M14 14q8-3 8 6",
    "contact": "M12 4a4 4 0 1 0 .01 0M4 21q0-7 8-7t8 7",
    "speech": "M4 5h16v11H12l-5 4v-4H4zM8 9h8M8 12h5",
    "fax": "M7 9V3h10v6M5 9h14v9h-2v3H7v-3H5zM8 13h8",
}
# Seen on light and on dark ground: at least 3 to 1.
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" fill="none"'
    ' stroke="#767a8c" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="{}"/></svg>'
)


def drawing(name: str) -> str | None:
    """The icon as SVG; None when there is none of this name."""
    path = _DRAWINGS.get(name)
    return _SVG.format(path) if path else None


def attributes(name: str) -> Mapping[str, str]:
    """What shows the icon in a text, with an address below the service's own, as files have."""
    return {"src": f"/media/icons/{name}.svg", **_SIZE}
