"""The Integreat face, version 3: what existing Integreat apps read, unchanged. Its contract is frozen.

Both forms of every address are answered directly, with and without a slash at the end, and everything may be read from
any origin, errors included.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from cityinfo.api.http import address_failure
from cityinfo.kernel.errors import Problem

from . import news, pages, regions
from .answers import CORS, error_response, preflight_response

PREFIX = "/api/v3"
MODULES = (regions, pages, news)

blueprint = Blueprint("integreat", __name__, url_prefix=PREFIX)
blueprint.register_error_handler(Problem, error_response)
blueprint.register_error_handler(HTTPException, error_response)
for module in MODULES:
    for rule, view in module.ROUTES:
        blueprint.add_url_rule(rule, view_func=view, strict_slashes=False)


@blueprint.before_app_request
def _answer_what_has_no_view() -> Response | None:
    if request.method == "OPTIONS" and _is_ours():
        return preflight_response()
    failure = address_failure(PREFIX)
    return error_response(failure) if failure else None


@blueprint.after_app_request
def _let_every_origin_read(response: Response) -> Response:
    """Redirects and errors too, which no view of ours has seen."""
    if _is_ours():
        response.headers.update(CORS)
    return response


def _is_ours() -> bool:
    return f"/{request.path.lstrip('/')}/".startswith(f"{PREFIX}/")
