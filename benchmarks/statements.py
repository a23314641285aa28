"""How many SQL statements a first answer takes when nothing at all was known before."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from benchmarks.reading import Target
from cityinfo.app import create_app
from cityinfo.kernel.db import Database
from cityinfo.settings import Settings

# Integreat CMS, for the same lists in a large city and with an empty cache.
PEER: Mapping[str, int] = {"v3 locations/": 1_006, "v3 events/": 442}
_TRANSACTION = ("BEGIN", "SELECT set_config")


def cold_statements(database: Database, targets: Sequence[Target]) -> dict[str, int]:
    """Statements by address, transactions aside; each from a web application of its own with an empty folder."""
    found = {}
    for target in targets:
        with tempfile.TemporaryDirectory(prefix="cityinfo-bench-") as folder:
            reader = create_app(Settings(data_dir=Path(folder)), database=database).test_client()
            with counted(database.engine) as seen:
                answer = reader.get(target.path)
        assert answer.status_code == 200, answer.text
        found[target.name] = len(seen)
    return found


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile, transactions aside."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_TRANSACTION):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
