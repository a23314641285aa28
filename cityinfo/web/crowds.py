"""How many requests a process answers at once, so that who sends a body byte by byte holds nobody else up.

A thread that reads a body waits for whoever sends it, however long that takes. Requests with a body therefore may not
take all threads: what would be one too many is told to come again, and those who only read are always answered.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from .bodies import StartResponse, Wsgi

READING = 2  # requests without a body that are computed at the same time; more share one interpreter
SENDING = 6  # requests with a body, which may wait for whoever sends it
THREADS = READING + SENDING
_HEADERS = (("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "5"), ("Cache-Control", "no-store"))
_BUSY = b"Too many are sending something at this moment; send it again.\n"


def wrap(app: Wsgi) -> Wsgi:
    """The application with both limits."""
    reading, sending = threading.Semaphore(READING), threading.Semaphore(SENDING)

    def crowded(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if not _has_body(environ):
            with reading:
                return app(environ, start_response)
        if not sending.acquire(blocking=False):
            start_response("503 Service Unavailable", [*_HEADERS])
            return (_BUSY,)
        try:
            return app(environ, start_response)
        finally:
            sending.release()

    return crowded


def _has_body(environ: dict[str, Any]) -> bool:
    return environ.get("CONTENT_LENGTH", "") not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ
