"""Who sends a body byte by byte holds up neither readers nor, within reason, others who send something."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cityinfo.web import crowds

SENDS = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "90000"}
SENDS_IN_PIECES = {"REQUEST_METHOD": "POST", "HTTP_TRANSFER_ENCODING": "chunked"}
READS = {"REQUEST_METHOD": "GET"}


def status_of(app, environ):
    told = []
    list(app(dict(environ), lambda status, headers: told.append((status, dict(headers)))))
    return told[0]


def test_slow_bodies_take_their_own_places_only():
    come, go = threading.Semaphore(0), threading.Event()

    def application(environ, start_response):
        if environ["REQUEST_METHOD"] == "POST":
            come.release()
            go.wait(timeout=10)
        start_response("200 OK", [])
        return ()

    app = crowds.wrap(application)
    with ThreadPoolExecutor(crowds.SENDING) as slow:
        held = [slow.submit(status_of, app, (SENDS, SENDS_IN_PIECES)[one % 2]) for one in range(crowds.SENDING)]
        assert all(come.acquire(timeout=10) for _ in held)
        assert status_of(app, READS)[0] == "200 OK"
        refused = status_of(app, SENDS)
        assert (refused[0][:3], refused[1]["Retry-After"]) == ("503", "5")
        go.set()
        assert {one.result(timeout=10)[0] for one in held} == {"200 OK"}
    assert status_of(app, SENDS)[0] == "200 OK"


def test_a_body_that_breaks_off_gives_its_place_back():
    def application(environ, start_response):
        if "broken" in environ:
            raise OSError
        start_response("200 OK", [])
        return ()

    app = crowds.wrap(application)
    for _ in range(crowds.SENDING + 1):
        with pytest.raises(OSError):  # noqa: PT011 - the one above
            status_of(app, {**SENDS, "broken": True})
    assert status_of(app, SENDS)[0] == "200 OK"
