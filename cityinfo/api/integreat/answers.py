"""How this face answers: JSON, and errors as ``{"error": "<text>"}``."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import Response
from werkzeug.exceptions import HTTPException

from cityinfo.api.http import failure_of, failure_response, json_bytes, local_time
from cityinfo.kernel.errors import Invalid, Problem
from cityinfo.web.bodies import Answer, Reading


def answer(value: object, reading: Reading | None = None) -> Answer:
    """A body; with a reading that has a language, in that language."""
    language = reading.registry().get(reading.language) if reading and reading.language else None
    return Answer(json_bytes(value), language=language.bcp47 if language else None)


@lru_cache(maxsize=2048)
def changed(at: str, zone: str) -> dict[str, str]:
    """When something was changed, as apps read it; the same for nearly all of a list that is written anew."""
    moment = datetime.fromisoformat(at)
    return {"modified_gmt": local_time(moment, UTC)[:-6] + "Z", "last_updated": local_time(moment, ZoneInfo(zone))}


def error_response(error: Problem | HTTPException) -> Response:
    """An error as the apps' own backend writes it. They act on the status and never read the text."""
    failure = failure_of(error)
    body = json_bytes({"error": failure.detail})
    response = failure_response(failure, body, content_type="application/json")
    if isinstance(error, Invalid):
        response.status_code = 400  # apps know no 422
    return response
