"""The chat of the apps. No city has one yet: there is no conversation to read, and nobody to answer."""

from __future__ import annotations

from flask import Response

from cityinfo.api.posting import find_tenant
from cityinfo.kernel.errors import NotFound, Unavailable
from cityinfo.web.guard import public


@public
def read_chat(tenant: str, language: str, chat: str) -> Response:  # noqa: ARG001 - asked for on every page of an app
    """404 says that nothing was written so far."""
    raise NotFound("chat.empty", "There is no conversation under this number.")


@public
def write_chat(tenant: str, language: str, chat: str) -> Response:  # noqa: ARG001
    """503 says that this city has no chat."""
    find_tenant(tenant, language)
    raise Unavailable("chat.not_configured", "This city has no chat.")


ROUTES = (("/<tenant>/<language>/chat/<chat>/", read_chat),)
POSTS = (("/<tenant>/<language>/chat/<chat>/", write_chat),)
