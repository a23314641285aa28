"""Version 1 of our API: what is promised stands in README.md beside this file, the rest in `/api/v1/docs`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask_smorest import Api

from cityinfo.api.http import (
    PROBLEM,
    IdentityConverter,
    address_failure,
    is_under,
    let_every_origin_read,
    preflight_response,
    problem_response,
)

from . import (
    admission,
    auth,
    calendars,
    changes,
    contacts,
    credentials,
    documentation,
    feedback,
    imprint,
    locations,
    manage,
    news,
    offers,
    organizations,
    pages,
    search,
    subscriptions,
    tenants,
)
from .operations import PREFIX, ProblemSchema

SECTIONS = tuple(
    module.blueprint
    for module in (
        *(tenants, pages, calendars, locations, contacts, organizations, offers, news, imprint),
        *(search, subscriptions, feedback, changes, auth, credentials, admission),
    )
)
_REDIRECT = {"Location": {"description": "The present address.", "schema": {"type": "string"}}}
_RETRY = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
_COUNTED = {
    **_RETRY,
    "RateLimit-Limit": {"description": "So many requests may be made.", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "So many of them are left.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "In so many seconds all can be made again.", "schema": {"type": "integer"}},
    "RateLimit-Policy": {
        "description": "With its window.",
        "schema": {"type": "string"},
        "example": "30;w=60",
    },
}
_ANSWERS: dict[HTTPStatus, dict[str, Any]] = {
    HTTPStatus.MOVED_PERMANENTLY: {"description": "It has another address now.", "headers": _REDIRECT},
    HTTPStatus.TOO_MANY_REQUESTS: {"description": "Too much within a short time.", "headers": _COUNTED},
    HTTPStatus.NOT_MODIFIED: {"description": "Nothing changed since the answer with this `ETag`."},
    HTTPStatus.UNAUTHORIZED: {"description": "Nobody has logged in, or the login has ended."},
    HTTPStatus.FORBIDDEN: {"description": "The caller may not do this."},
    HTTPStatus.NOT_FOUND: {"description": "There is no such thing, or it is not public in this language."},
    HTTPStatus.CONFLICT: {"description": "Something else stands in the way, such as an address that is taken."},
    HTTPStatus.PRECONDITION_FAILED: {
        "description": "Someone else changed it in between: `data` holds `yours` and `theirs`. Send the new `ETag`."
    },
    HTTPStatus.PRECONDITION_REQUIRED: {"description": "Send the `ETag` of what you have seen as `If-Match`."},
    HTTPStatus.ACCEPTED: {"description": "It waits for review."},
    HTTPStatus.GONE: {"description": "This cannot be continued; start again without a cursor."},
    HTTPStatus.BAD_REQUEST: {"description": "The body is no JSON."},
    HTTPStatus(413): {"description": "The body is larger than anything that could be meant here."},
    HTTPStatus(422): {"description": "A parameter cannot be used; `errors` says which one and why."},
    HTTPStatus.SERVICE_UNAVAILABLE: {"description": "Try again in a moment.", "headers": _RETRY},
}
_WITHOUT_BODY = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.NOT_MODIFIED)


def register(app: Flask) -> None:
    """Add version 1 to the application; `app.extensions["openapi"]()` describes it."""
    _api(app, _Undescribed, SECTIONS)
    app.extensions["openapi"] = description
    app.register_blueprint(documentation.blueprint)
    app.before_request(_answer_what_has_no_view)
    app.after_request(_read_from_everywhere)


def description() -> dict[str, Any]:
    """Version 1 as OpenAPI 3.1. It hangs on no setting, and takes longer than all else that happens when we start."""
    return _described(SECTIONS)


@lru_cache(maxsize=1)
def _described(sections: Sequence[Blueprint]) -> dict[str, Any]:
    app = Flask("cityinfo")
    app.url_map.converters["int"] = IdentityConverter
    spec = _api(app, _Api, sections).spec
    spec.components.security_scheme("bearer", documentation.BEARER)
    described: dict[str, Any] = spec.to_dict()
    manage.add_links(described)
    return described


def _api(app: Flask, kind: type[_Api], sections: Sequence[Blueprint]) -> _Api:
    api = kind(app, spec_kwargs={**documentation.SPEC, "marshmallow_plugin": documentation.Describing()})
    for blueprint in (*sections, *manage.SECTIONS):
        api.register_blueprint(blueprint)
    return api


def _answer_what_has_no_view() -> Response | None:
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers and is_under(PREFIX):
        return preflight_response()
    failure = address_failure(PREFIX)
    return problem_response(failure) if failure else None


def _read_from_everywhere(response: Response) -> Response:
    return let_every_origin_read(response) if is_under(PREFIX) else response


class _Api(Api):  # type: ignore[misc] # the library ships no types
    """flask-smorest, but with problems as we write them."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """None for the whole application: the library's would answer for other faces too, and drops `Allow`."""

    def _register_responses(self) -> None:
        for status, description in _ANSWERS.items():
            body = {} if status in _WITHOUT_BODY else {"content": {PROBLEM: {"schema": ProblemSchema}}}
            self.spec.components.response(status.name, {**description, **body}, lazy=True)

    def _register_pagination_header(self) -> None:
        """None: lists say in their body how they go on."""

    def _register_etag_headers(self) -> None:
        """None: every answer has an `ETag`, and each operation says so itself."""


class _Undescribed(_Api):
    """The same for answering: whoever answers needs no description."""

    def _register_responses(self) -> None:
        """None: they are only pointed at from the description."""

    def register_blueprint(self, blueprint: Blueprint) -> None:
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint)
