"""`cityinfo serve`: the web server and, if wanted, the worker beside it, kept alive and stopped together."""

from __future__ import annotations

import gc
import http.client
import multiprocessing
import socket
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cityinfo.kernel.errors import Invalid, Problem, Unavailable
from cityinfo.kernel.i18n import say
from cityinfo.settings import Settings, hand_to_children

from .lifeline import Child, die_with_parent, keep_alive, lives_with_parent

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Command = TypeVar("Command", bound=Callable[..., Any])

BACKPRESSURE = 512  # connections that one web process holds, idle ones included
KILL_AFTER = 8  # seconds for running requests; the supervisor waits for the server a little longer

DEMO_CITY = "musterstadt"
DEMO_LANGUAGE = "de"


def listens(command: Command) -> Command:
    """The options of both commands below."""
    command = click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 256), help="Processes.")(
        command
    )
    command = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))(command)
    return click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")(command)


@click.command()
@listens
@click.option("--with-worker", is_flag=True, help="Run the background worker as well.")
def serve(*, host: str, port: int, workers: int, with_worker: bool) -> None:
    """Serve readers and editors until Ctrl-C."""
    from cityinfo.web import logs

    settings = _with_address(Settings.from_environment(), host=host, port=port)
    logs.configure(settings)
    _check_port(host, port)
    _prepare_metrics(settings)
    hand_to_children(settings)
    web_child = Child("web", "--host", host, "--port", str(port), "--workers", str(workers))
    children = [web_child, Child("worker")] if with_worker else [web_child]
    keep_alive(children, each_round=_Announcement(web_child, what_to_open(settings), host=host, port=port))


@click.command(hidden=True)
@listens
@lives_with_parent
def web(*, host: str, port: int, workers: int) -> None:
    """The web server alone, without supervision."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from cityinfo.web import crowds, logs

    logs.configure(Settings.from_environment())
    # Made before granian forks: its processes start at once, and share what they never change.
    _made()
    gc.freeze()
    Granian(
        f"{__name__}:{application.__name__}",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=crowds.THREADS,
        backpressure=BACKPRESSURE,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER,
        log_access=False,
        log_level=LogLevels.warning,
        log_dictconfig={"loggers": {"_granian": {"handlers": [], "propagate": True}}},  # into our own log
    ).serve()


def application() -> WSGIApplication:
    """The application as each of granian's processes gets it: inherited, or made by itself where nothing is forked."""
    from cityinfo.web import crowds

    server = multiprocessing.parent_process()
    if server is not None and server.pid is not None:
        die_with_parent(server.pid)
    return crowds.wrap(_made())


@cache
def _made() -> WSGIApplication:
    from cityinfo.app import create_app

    try:
        app = create_app(Settings.from_environment())
    except Problem as problem:
        click.echo(f"error: {problem.message}", err=True)
        raise SystemExit(1) from None
    app.extensions["database"].dispose()  # processes must not share connections
    return app


def what_to_open(settings: Settings) -> list[str]:
    """What a person may want to look at first."""
    lines = [f"API documentation    {settings.public_url}/api/v1/docs"]
    if not settings.production:
        lines += [
            f"Demo city            {settings.public_url}/api/v1/tenants/{DEMO_CITY}/{DEMO_LANGUAGE}/pages",
            f"Demo city, Integreat {settings.public_url}/api/v3/{DEMO_CITY}/{DEMO_LANGUAGE}/pages/",
        ]
    return lines


class _Announcement:
    """Says what to open once the server answers; gives up when it dies before that."""

    def __init__(self, web_child: Child, lines: Sequence[str], *, host: str, port: int) -> None:
        self._web = web_child
        self._lines = lines
        self._address = _connectable(host), port
        self._made = False

    def __call__(self) -> None:
        if self._made:
            return
        if self._web.deaths:
            raise Unavailable("serve.start", "The web server did not start; the lines above say why.")
        if _answers(*self._address):
            click.echo("\n".join(["", *self._lines, "", "Stop with Ctrl-C.", ""]))
            self._made = True


def _with_address(settings: Settings, *, host: str, port: int) -> Settings:
    """Let links lead here, unless the operator has said where readers come from."""
    if settings.public_url != Settings().public_url:
        return settings
    name = _connectable(host)
    return replace(settings, public_url=f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}")


def _connectable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def _check_port(host: str, port: int) -> None:
    # granian shares its port, so a second server would start and quietly take half of the requests.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Invalid(
                "serve.address",
                say("Cannot listen on {host}, port {port}: {strerror}.", host=host, port=port, strerror=error.strerror),
            ) from None


def _prepare_metrics(settings: Settings) -> None:
    if settings.metrics:
        from cityinfo.web.metrics import forget_former_workers

        forget_former_workers(settings)


def _answers(host: str, port: int) -> bool:
    with closing(http.client.HTTPConnection(host, port, timeout=1)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
