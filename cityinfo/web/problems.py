"""What the product's problems are in HTTP, the same on every face."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

from cityinfo.kernel import i18n
from cityinfo.kernel.errors import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    Limited,
    NotFound,
    Problem,
    Unauthenticated,
    Unavailable,
)

_STATUSES: Mapping[type[Problem], int] = {
    NotFound: 404,
    Invalid: 422,
    Conflict: 409,
    Unauthenticated: 401,
    Forbidden: 403,
    Gone: 410,
    Limited: 429,
    Unavailable: 503,
}


def status_of(problem: Problem, *, otherwise: int = 500) -> int:
    """The status that says what kind of problem it is."""
    return next((status for kind, status in _STATUSES.items() if isinstance(problem, kind)), otherwise)


def wanted_language() -> str:
    """In which to say sentences: English, unless the caller wants another one that we speak."""
    return request.accept_languages.best_match((i18n.SOURCE, *i18n.LANGUAGES), i18n.SOURCE)
