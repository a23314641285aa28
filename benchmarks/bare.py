"""Servers that only send constant bytes: what the web server can do at most, and what plain Flask makes of it.

Started as `python -m benchmarks.bare wsgi` or `flask`; `/55000` answers 55,000 bytes. Everything about the web server
is as in `cityinfo serve`.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import click
from flask import Flask, Response
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from cityinfo.cli.lifeline import die_with_parent
from cityinfo.cli.serve import BACKPRESSURE, KILL_AFTER
from cityinfo.web.crowds import READING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

Headers = list[tuple[str, str]]


@cache
def constant(size: int) -> tuple[Headers, bytes]:
    """Headers and body, made once."""
    body = (b'{"constant": true} ' * (size // 19 + 1))[:size]
    return [("Content-Type", "application/json"), ("ETag", f'"{size:x}"'), ("Content-Length", str(size))], body


def wsgi() -> WSGIApplication:
    """The least that a WSGI application can be."""
    _follow_server()

    def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        headers, body = constant(int(environ["PATH_INFO"][1:]))
        start_response("200 OK", headers)
        return (body,)

    return application


def flask() -> WSGIApplication:
    """One view that answers bytes it has at hand."""
    _follow_server()
    app = Flask("bare", static_folder=None)

    @app.get("/<int:size>")
    def send(size: int) -> Response:
        headers, body = constant(size)
        return Response(body, headers=headers)

    return app.wsgi_app


def _follow_server() -> None:
    server = multiprocessing.parent_process()
    if server is not None and server.pid is not None:
        die_with_parent(server.pid)


@click.command()
@click.argument("kind", type=click.Choice([wsgi.__name__, flask.__name__]))
@click.option("--port", type=int, required=True)
@click.option("--workers", type=int, required=True)
@click.option("--parent", type=int, required=True)
def main(*, kind: str, port: int, workers: int, parent: int) -> None:
    """Serve until the parent stops this."""
    die_with_parent(parent)
    gc.freeze()
    Granian(
        f"benchmarks.bare:{kind}",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=READING,
        backpressure=BACKPRESSURE,
        websockets=False,
        workers_kill_timeout=KILL_AFTER,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
