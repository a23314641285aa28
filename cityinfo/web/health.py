"""Is the process alive, and can it serve? Asked by the container, the load balancer and whoever is on call."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from cityinfo.features import media
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.kernel.errors import Problem

from .guard import public

logger = logging.getLogger(__name__)

Check = Callable[[], None]
Checks = Mapping[str, Check]


def make_health(checks: Checks) -> Blueprint:
    """`/healthz` answers while the process lives; `/readyz` makes every check, 503 when one of them raises."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    @public
    def healthz() -> Response:
        return _unstored(jsonify(status="ok"))

    @blueprint.get("/readyz")
    @public
    def readyz() -> tuple[Response, int]:
        outcomes = {name: _outcome(name, check) for name, check in checks.items()}
        ready = all(outcome == "ok" for outcome in outcomes.values())
        return _unstored(jsonify(checks=outcomes)), 200 if ready else 503

    return blueprint


def check_database(database: Database) -> None:
    """The database answers, and to a role that respects the wall: every new connection is asked."""
    _ask(database, "SELECT 1", why="asks whether the database answers")


def check_storage(folder: Path, store: media.ObjectStore) -> None:
    """Files can be written below the data folder, and media where they are kept."""
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"ready")
    store.check()


def _ask(database: Database, sql: str, *, why: str) -> Any:
    with database.unit_of_work(NO_TENANT) as db:
        return db.scalar(text(sql), execution_options={"crosses": why})


def _outcome(name: str, check: Check) -> str:
    try:
        check()
    except Problem as problem:
        logger.warning("Not ready, %s: %s", name, problem.message)
        return problem.code
    except Exception:
        logger.exception("Not ready, %s.", name)
        return "failed"
    return "ok"


def _unstored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
