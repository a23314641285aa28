"""Counting what readers looked for in vain, without a reader ever waiting for it."""

from __future__ import annotations

import threading
from collections import Counter, deque
from datetime import date

from cityinfo.kernel import clock
from cityinfo.kernel.db import Database
from cityinfo.kernel.errors import Unavailable

from .actions import count_misses
from .rules import countable

MOST_WAITING = 1_000
EVERY = 30.0  # seconds


class Misses:
    """Queries that wait to be counted. Bounded: the oldest are dropped, and all are when the process ends."""

    def __init__(self, database: Database, *, every: float = EVERY) -> None:
        self._database = database
        self._every = every
        self._waiting: deque[tuple[int, date, str, str]] = deque(maxlen=MOST_WAITING)  # needs no lock
        self._writer: threading.Timer | None = None

    def note(self, tenant_id: int, language: str, query: str) -> None:
        """Remember that a query found too little; one that may be about a person is forgotten at once."""
        text = countable(query)
        if text is None:
            return
        self._waiting.append((tenant_id, clock.now().date(), language, text))
        if self._writer is None:
            self._writer = threading.Timer(self._every, self.write)
            self._writer.daemon = True
            self._writer.start()

    def write(self) -> None:
        """Count what waits. While the database is away it is dropped: a rough number is enough."""
        self._writer = None
        for (tenant_id, day), misses in self._taken().items():
            try:
                with self._database.unit_of_work(tenant_id, write=True, numbered=False) as db:
                    count_misses(db, day, misses)
            except Unavailable:
                continue

    def _taken(self) -> dict[tuple[int, date], Counter[tuple[str, str]]]:
        found: dict[tuple[int, date], Counter[tuple[str, str]]] = {}
        while self._waiting:
            tenant_id, day, language, query = self._waiting.popleft()
            found.setdefault((tenant_id, day), Counter())[language, query] += 1
        return found
