"""Real parts for every test: a migrated database of each kind, a city in it, a web client before it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from cityinfo import registry, schema
from cityinfo.features import tenants
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.ids import Identities
from cityinfo.settings import Settings
from tests import once
from tests.factories import City
from tests.postgres import Server, start_server
from tests.prepared import prepared_city

if TYPE_CHECKING:
    from flask.testing import FlaskClient

REPOSITORY = Path(__file__).parent.parent
DATABASE_FILE = "cityinfo.sqlite3"

# By address. An engine keeps the statements it has compiled; a new one for every test would begin with none.
_ENGINES: dict[str, Engine] = {}


def pytest_sessionstart() -> None:
    once.prepare()


def pytest_collection_finish() -> None:
    once.tidy()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the registry of languages, to copy."""
    folder = tmp_path_factory.mktemp("template")
    settings = Settings(data_dir=folder)
    schema.upgrade(settings)
    database = open_database(settings)
    register_languages(database)
    database.dispose()
    return folder / DATABASE_FILE


@pytest.fixture(scope="session")
def sqlite_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the file of every test lies: one address, so that one engine serves them all."""
    return tmp_path_factory.mktemp("sqlite")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real PostgreSQL with the three roles of production, a migrated database and the registry of languages."""
    with start_server() as server:
        database = open_database(_on_postgres(server, tmp_path_factory.mktemp("postgres")))
        register_languages(database)
        database.dispose()
        yield server
        for engine in _ENGINES.values():
            engine.dispose()


@pytest.fixture(
    params=[
        pytest.param("sqlite"),
        pytest.param("postgres", marks=[pytest.mark.postgres]),
    ]
)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a service of its own, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        template, place = (request.getfixturevalue(name) for name in ("sqlite_template", "sqlite_place"))
        return on_sqlite(template, place, tmp_path)
    server: Server = request.getfixturevalue("postgres")
    server.empty()
    return _on_postgres(server, tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """A migrated database with the registry of languages, wired as in production."""
    database = open_database(settings)
    database.engine = _ENGINES.setdefault(settings.database, database.engine)
    if database.is_sqlite:
        database.engine.dispose()  # a thread that outlived the test before may have opened the file that was there
    yield database
    database.identities.release()
    # Connections to PostgreSQL stay open for the next test: each new one has to learn about all tables again.
    if database.is_sqlite or database.engine.pool.checkedout():
        database.engine.dispose()


@pytest.fixture
def editor() -> Actor:
    return Actor("editor", "eva")


@pytest.fixture
def colleague() -> Actor:
    return Actor("editor", "karim")


@pytest.fixture
def city(database: Database) -> City:
    """A city that writes German and translates it into English and Arabic."""
    return prepared_city(database, "teststadt")


@pytest.fixture
def other_city(database: Database) -> City:
    return prepared_city(database, "nachbarstadt")


@pytest.fixture
def client(settings: Settings, database: Database) -> FlaskClient:
    """Someone who reads over HTTP."""
    from cityinfo.app import create_app

    return create_app(settings, database=database).test_client()


def on_sqlite(template: Path, place: Path, folder: Path) -> Settings:
    """Settings of a service with a fresh database, behind the address that all have, and a folder of its own."""
    (folder / DATABASE_FILE).symlink_to(copied(template, to=place))
    return Settings(data_dir=folder, head_ttl=0)


def copied(template: Path, *, to: Path) -> Path:
    """The template's copy in this folder, in place of what an earlier test left there."""
    for former in to.glob(f"{DATABASE_FILE}*"):
        former.unlink()
    return Path(shutil.copy(template, to / DATABASE_FILE))


def _on_postgres(server: Server, folder: Path) -> Settings:
    return Settings(
        data_dir=folder,
        head_ttl=0,
        database_url=server.app_url,
        migration_database_url=server.owner_url,
        platform_role=server.roles.platform,
    )


def open_database(settings: Settings) -> Database:
    """The database without a queue: nothing wakes a worker in tests that have none."""
    return Database(
        settings.database,
        identities=Identities(settings.data_dir / "slots"),
        platform_role=settings.platform_role,
        subscribers=registry.SUBSCRIBERS,
    )


def register_languages(database: Database) -> None:
    with database.unit_of_work(NO_TENANT, write=True) as db:
        tenants.register_languages(db)
