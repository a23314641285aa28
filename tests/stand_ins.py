"""Addresses that stand in for views, to test the doors in front of them."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Flask

from cityinfo.api.http import problem_response
from cityinfo.kernel.errors import Problem
from cityinfo.web.guard import guarded
from cityinfo.web.request import request_work


def with_stand_ins(app: Flask, permissions: Iterable[str], *, face: str = "api") -> Flask:
    """The application with ``/api/stand-in/<tenant>/PERMISSION`` for each, which answers who has come in."""
    blueprint = Blueprint(f"stand_in_{face}", __name__)
    blueprint.register_error_handler(Problem, problem_response)
    for permission in permissions:
        view = guarded(permission)(who_came)
        rule = f"/{face}/stand-in/<tenant>/{permission}"
        blueprint.add_url_rule(rule, permission.replace(":", "_"), view, methods=["GET", "POST"])
    app.register_blueprint(blueprint)
    return app


def who_came(tenant):
    with request_work() as (_, actor):
        return {"actor": str(actor)}
