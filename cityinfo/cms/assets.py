"""Scripts, styles, fonts and icons as `make setup` built them. Their names change with their content."""

from __future__ import annotations

import mimetypes
from functools import cache
from pathlib import Path

import orjson
from flask import Response, request, url_for

from cityinfo.kernel.errors import NotFound, Unavailable

BUILD = Path(__file__).parent / "static" / "build"
FOREVER = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))  # in the order we prefer them
_TYPES = {".woff2": "font/woff2", ".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}


@cache
def manifest() -> dict[str, str]:
    """Names of what was built, by the names of their sources; `Unavailable` when nothing was."""
    try:
        names: dict[str, str] = orjson.loads((BUILD / "manifest.json").read_bytes())
    except FileNotFoundError:
        raise Unavailable("cms.not_built", "The front end has not been built; run `make setup`.") from None
    return names


def asset(name: str) -> str:
    """The address of something built, by the name of its source."""
    return url_for("cms.show_asset", name=manifest()[name])


def send_asset(name: str) -> Response:
    """Its bytes, in the best encoding the browser takes."""
    file = BUILD / name
    if file.parent != BUILD or not file.is_file():
        raise NotFound("cms.asset", "There is nothing under this address.")
    encoding, suffix = _encoding(file)
    kind = _TYPES.get(file.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = Response(file.with_name(name + suffix).read_bytes(), mimetype=kind)
    response.headers["Cache-Control"] = FOREVER
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def _encoding(file: Path) -> tuple[str, str]:
    for encoding, suffix in _ENCODINGS:
        if request.accept_encodings[encoding] and file.with_name(file.name + suffix).exists():
            return encoding, suffix
    return "", ""
