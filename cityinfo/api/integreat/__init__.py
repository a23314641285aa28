"""The Integreat face, version 3: what existing Integreat apps read, unchanged. Its contract is frozen.

Both forms of every address are answered directly, with and without a slash at the end, and everything may be read from
any origin, errors included.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from cityinfo.api.http import address_failure, is_under, let_every_origin_read, preflight_response
from cityinfo.kernel.errors import Problem

from . import events, icons, locations, pages, pdf, regions
from .answers import error_response

PREFIX = "/api/v3"
MODULES = (regions, pages, events, locations, icons)

blueprint = Blueprint("integreat", __name__, url_prefix=PREFIX)
blueprint.register_error_handler(Problem, error_response)
blueprint.register_error_handler(HTTPException, error_response)
for module in MODULES:
    for rule, view in module.ROUTES:
        blueprint.add_url_rule(rule, view_func=view, strict_slashes=False)

# Addresses that are older than the version in their path.
legacy = Blueprint("integreat_legacy", __name__)
legacy.register_error_handler(Problem, error_response)
legacy.register_error_handler(HTTPException, error_response)
for rule, view in pdf.ROUTES:
    legacy.add_url_rule(rule, view_func=view, strict_slashes=False)


@blueprint.before_app_request
def _answer_what_has_no_view() -> Response | None:
    if request.method == "OPTIONS" and is_under(PREFIX):
        return preflight_response()
    failure = address_failure(PREFIX)
    return error_response(failure) if failure else None


@blueprint.after_app_request
def _read_from_everywhere(response: Response) -> Response:
    """Redirects and errors too, which no view of ours has seen."""
    return let_every_origin_read(response) if is_under(PREFIX) else response


legacy.after_request(let_every_origin_read)
