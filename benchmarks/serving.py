"""Starts what is measured and what it is compared with, each on a port of its own, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from benchmarks.processes import children, command_of
from cityinfo import schema
from cityinfo.app import open_database
from cityinfo.features import tenants
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.settings import Settings

WORKERS = 2
DATABASES = ("sqlite", "postgres")
_PATIENCE = 60.0  # seconds for a server to answer
_GRACE = 20.0  # seconds for a server to stop
_PROJECT = Path(__file__).parent.parent


class NotServing(Exception):
    """A server did not start; the message holds the end of its log."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server."""

    name: str
    port: int
    pid: int

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return children(next((pid for pid in children(self.pid) if "web" in command_of(pid)), self.pid))


@dataclass(frozen=True, slots=True)
class Stage:
    """One database with our server on it, the servers it is compared with, and a second door to the database."""

    kind: str
    database: Database
    owner_url: str
    ours: Server
    bare: Server
    flask: Server

    def settle(self) -> None:
        """Do at once what PostgreSQL would do by itself some time after so much was written, beside the measuring."""
        settle(self.owner_url)


def settle(owner_url: str) -> None:
    """The same for the database at this address."""
    if make_url(owner_url).get_backend_name() == "postgresql":
        engine = create_engine(owner_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
        engine.dispose()


@contextmanager
def stage(kind: str, folder: Path) -> Iterator[Stage]:
    """Everything for one kind of database, empty but for the registry of languages. Stopped at the end in any case."""
    with ExitStack() as stack:
        settings = stack.enter_context(prepared(kind, folder))
        database = open_database(settings)
        stack.callback(database.dispose)
        with database.unit_of_work(NO_TENANT, write=True) as db:
            tenants.register_languages(db)
        ours = stack.enter_context(_ours(settings, folder))
        bare, flask = (stack.enter_context(_bare(one, folder)) for one in ("wsgi", "flask"))
        yield Stage(kind, database, settings.migration_database, ours, bare, flask)


@contextmanager
def prepared(kind: str, folder: Path) -> Iterator[Settings]:
    """An empty database with default settings but for the place of the data."""
    if kind == "sqlite":
        settings = Settings(data_dir=folder / "var")
        settings.data_dir.mkdir()
        schema.upgrade(settings)
        yield settings
        return
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR")  # asked for where nobody is logged in
    # By name: tests are no package that the type checker may look into.
    with import_module("tests.postgres").start_server(name="cityinfo_bench", durable=True) as server:
        yield Settings(
            data_dir=folder / "var",
            database_url=server.app_url,
            migration_database_url=server.owner_url,
            platform_role=server.roles.platform,
        )


@contextmanager
def _ours(settings: Settings, folder: Path) -> Iterator[Server]:
    port = _free_port()
    own = {
        "CITYINFO_DATA_DIR": str(settings.data_dir),
        "CITYINFO_READ_LIMIT": "off",  # all of it comes from one address
        "CITYINFO_DATABASE_URL": settings.database_url,
        "CITYINFO_PLATFORM_ROLE": settings.platform_role,
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("CITYINFO_")}
    command = [str(Path(sys.executable).parent / "cityinfo"), "serve", "--with-worker", "--port", str(port)]
    with _running("cityinfo", [*command, "--workers", str(WORKERS)], port, folder, {**others, **own}) as server:
        yield server


@contextmanager
def _bare(kind: str, folder: Path) -> Iterator[Server]:
    port = _free_port()
    command = [sys.executable, "-m", "benchmarks.bare", kind, "--port", str(port)]
    command += ["--workers", str(WORKERS), "--parent", str(os.getpid())]
    with _running(kind, command, port, folder, os.environ) as server:
        yield server


@contextmanager
def _running(
    name: str, command: Sequence[str], port: int, folder: Path, environment: Mapping[str, str]
) -> Iterator[Server]:
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        # A session of its own: Ctrl-C reaches us alone, and we stop the servers in order.
        process = subprocess.Popen(
            command, cwd=_PROJECT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        server = Server(name, port, process.pid)
        _wait_for(server, process, log)
        yield server
    finally:
        _stop(process)


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        if len(server.workers()) == WORKERS and _listens(server.port):
            return
        time.sleep(0.1)
    raise NotServing(f"{server.name} did not start:\n{log.read_text('utf-8', errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
