"""How this face answers: JSON that browsers on any origin may read, and errors as ``{"error": "<text>"}``."""

from __future__ import annotations

from flask import Response
from werkzeug.exceptions import HTTPException

from cityinfo.api.http import failure_of, failure_response, json_bytes
from cityinfo.kernel.errors import Invalid, Problem
from cityinfo.web.bodies import Answer, Reading

# The apps are served from other origins than the API; without this header they report a broken connection.
CORS = (("Access-Control-Allow-Origin", "*"),)
_PREFLIGHT = (
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "content-type, x-integreat-development"),
    ("Access-Control-Max-Age", "86400"),
)


def answer(value: object, reading: Reading | None = None) -> Answer:
    """A body; with a reading that has a language, in that language."""
    language = reading.registry().get(reading.language) if reading and reading.language else None
    return Answer(json_bytes(value), language=language.bcp47 if language else None, headers=CORS)


def error_response(error: Problem | HTTPException) -> Response:
    """An error as the apps' own backend writes it. They act on the status and never read the text."""
    failure = failure_of(error)
    body = json_bytes({"error": failure.detail})
    response = failure_response(failure, body, content_type="application/json")
    if isinstance(error, Invalid):
        response.status_code = 400  # apps know no 422
    return response


def preflight_response() -> Response:
    """What a browser asks before a request that is not a simple one."""
    response = Response(status=204, headers=list(_PREFLIGHT))
    del response.headers["Content-Type"]
    return response
