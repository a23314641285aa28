"""Counting and logging requests, those that Flask answers and those that never reach it."""

from __future__ import annotations

import re
import time
import uuid

import structlog
from flask import Flask, Response, g, request

from cityinfo.settings import Settings

from .metrics import Metrics

_IDENTITY = re.compile(r"[\w.:+/=-]{1,64}", re.ASCII)  # as proxies give them
_FACES = (("/api/v1", "v1"), ("/api/v3", "integreat"), ("/media/", "media"))


class Watch:
    """What operators see of each request. Never a query string: a reader may have typed something personal into it."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self.on = settings.metrics or settings.access_log
        self._metrics = metrics
        self._log = structlog.get_logger("access") if settings.access_log else None

    def note(self, *, method: str, path: str, status: int, seconds: float, source: str = "") -> None:
        """One answered request. `source` says where its body came from: memory, disk, built or stale."""
        self._metrics.count(face=_face(path), status=status, seconds=seconds, source=source)
        if self._log:
            self._log.info(
                "request", method=method, path=path, status=status, ms=round(seconds * 1000, 2), source=source
            )

    def over(self, app: Flask) -> None:
        """Watch every request that reaches Flask, and give it an identity that all its log lines carry."""
        app.before_request(_begin)
        app.after_request(self._end)

    def _end(self, response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        if self.on:
            self.note(
                method=request.method,
                path=request.path,
                status=response.status_code,
                seconds=time.perf_counter() - g.started,
                source=g.get("source", ""),
            )
        return response


def _begin() -> None:
    g.started = time.perf_counter()
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _IDENTITY.fullmatch(given) else uuid.uuid4().hex
    structlog.contextvars.clear_contextvars()
    tenant = (request.view_args or {}).get("tenant", "")
    structlog.contextvars.bind_contextvars(request_id=g.request_id, tenant=tenant)


def _face(path: str) -> str:
    return next((face for prefix, face in _FACES if path.startswith(prefix)), "service")
