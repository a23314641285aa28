"""The Integreat face, version 3: what existing Integreat apps read, unchanged. Its contract is frozen.

Both forms of every address are answered directly, with and without a slash at the end, and everything may be read from
any origin, errors included. Each module lists what it answers under `/api/v3`: `ROUTES` are read, `POSTS` take what
readers send; `SITE` lists what stands outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Blueprint, Flask, Response, request
from werkzeug.exceptions import HTTPException

from cityinfo.api.http import address_failure, is_under, let_every_origin_read, preflight_response
from cityinfo.kernel.errors import Problem

from . import (
    chat,
    events,
    feedback,
    icons,
    imprint,
    legacy,
    locations,
    news,
    offers,
    pages,
    pdf,
    regions,
    sitemap,
    social,
)
from .answers import error_response

PREFIX = "/api/v3"
MODULES = (regions, pages, events, locations, icons, news, offers, imprint, feedback, chat, social)
OUTSIDE = (legacy, pdf, sitemap)

Rules = Iterable[tuple[str, Callable[..., Response]]]

blueprint = Blueprint("integreat", __name__, url_prefix=PREFIX)
site = Blueprint("integreat_site", __name__)


def register(app: Flask) -> None:
    """Add the face to the application."""
    app.register_blueprint(blueprint)
    app.register_blueprint(site)


def _add(to: Blueprint, rules: Rules, methods: list[str]) -> None:
    for rule, view in rules:
        to.add_url_rule(rule, view_func=view, methods=methods, strict_slashes=False)
        if methods != ["GET"]:  # without a rule of its own, the short form knows no 405
            to.add_url_rule(rule.rstrip("/"), view_func=view, methods=methods)


for _part in (blueprint, site):
    _part.register_error_handler(Problem, error_response)
    _part.register_error_handler(HTTPException, error_response)
for _module in MODULES:
    for _rules, _methods in ((_module.ROUTES, ["GET"]), (getattr(_module, "POSTS", ()), ["POST"])):
        _add(blueprint, _rules, _methods)
        _add(site, legacy.aliases(_rules), _methods)
for _module in OUTSIDE:
    _add(site, _module.SITE, ["GET"])


@blueprint.before_app_request
def _answer_what_has_no_view() -> Response | None:
    if request.method == "OPTIONS" and _is_ours():
        return preflight_response()
    failure = address_failure("") if _is_ours() else None
    return error_response(failure) if failure else None


@blueprint.after_app_request
def _read_from_everywhere(response: Response) -> Response:
    """Redirects and errors too, which no view of ours has seen."""
    return let_every_origin_read(response) if _is_ours() else response


def _is_ours() -> bool:
    return is_under(PREFIX) or "/wp-json/" in request.path
