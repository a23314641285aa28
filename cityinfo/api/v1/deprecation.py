"""How an operation says that it goes: in its description and in every answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import wraps
from inspect import cleandoc
from typing import Any

from flask import Response, after_this_request
from werkzeug.http import http_date

from cityinfo.web import bodies

View = Callable[..., Response]
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since which day an operation should no longer be used, when it ends, and the address of what takes its place."""

    since: date
    sunset: date
    successor: str

    def __post_init__(self) -> None:
        if self.sunset <= self.since:
            raise ValueError("An operation ends after it was deprecated, not before.")

    def headers(self) -> Headers:
        """`Deprecation` as RFC 9745 has it, `Sunset` as RFC 8594 has it, and where to go on."""
        return (
            ("Deprecation", f"@{int(_midnight(self.since).timestamp())}"),
            ("Sunset", http_date(_midnight(self.sunset))),
            ("Link", f'<{self.successor}>; rel="successor-version"'),
        )


def goes(view: View, deprecated: Deprecation | None) -> dict[str, Any]:
    """What the description of an operation says of its end; nothing of one that stays."""
    if deprecated is None:
        return {}
    words = cleandoc(view.__doc__ or "").partition("\n")[2].strip()
    ending = f"Deprecated since {deprecated.since}, ends on {deprecated.sunset}; use `{deprecated.successor}`."
    return {"deprecated": True, "description": f"{words}\n\n{ending}".strip()}


def announced(view: View, deprecated: Deprecation | None) -> View:
    """The view, with the headers on whatever it answers: what is kept and given later without it, and problems."""
    if deprecated is None:
        return view
    headers = deprecated.headers()

    @wraps(view)
    def announcing(*args: object, **values: object) -> Response:
        bodies.keep_headers(headers)
        after_this_request(lambda response: _with_headers(response, headers))
        return view(*args, **values)

    return announcing


def _with_headers(response: Response, headers: Headers) -> Response:
    if "Deprecation" not in response.headers:
        response.headers.extend(headers)
    return response


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
