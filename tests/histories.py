"""Random histories: what people did in which order is made up, what must be true afterwards is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cityinfo.kernel.db import Database

SEEDS = st.integers(0, 1 << 30)


def number_of_histories(database: Database, number: int) -> int:
    """All of them on SQLite and a third on PostgreSQL, at least one: the rules that histories look for gaps in are the
    same code on both. What differs is their SQL, which every history has run many times over."""
    return number if database.is_sqlite else max(1, number // 3)


def in_few_histories(test: Callable[..., None]) -> Callable[..., None]:
    """Give the test a few seeds to make a history from, one after the other."""

    def run(library: Any, database: Database) -> None:
        def history(seed: int) -> None:
            test(library, database, seed)

        history.__name__ = test.__name__  # by which hypothesis chooses the seeds in CI
        options = {"deadline": None, "phases": [Phase.generate], "suppress_health_check": list(HealthCheck)}
        examples(max_examples=number_of_histories(database, 3), **options)(given(SEEDS)(history))()

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run
