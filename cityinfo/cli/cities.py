"""Which cities a command is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cityinfo.settings import Settings

if TYPE_CHECKING:
    from cityinfo.features.tenants import Tenant
    from cityinfo.kernel.db import Database


@contextmanager
def opened(slug: str | None, *, archived: bool = False) -> Iterator[tuple[Database, list[Tenant]]]:
    """The database and the city under this address; without one all, archived ones only if asked for."""
    from cityinfo.app import open_database
    from cityinfo.features import tenants
    from cityinfo.kernel.db import NO_TENANT

    database = open_database(Settings.from_environment())
    try:
        with database.unit_of_work(NO_TENANT) as db:
            everyone = tenants.everyone if archived else tenants.directory
            found = [tenants.find(db, slug)] if slug else list(everyone(db))
        yield database, found
    finally:
        database.dispose()
