"""What a worker knows of the newest publication, trusted for a moment, and what it does when the database is away."""

from __future__ import annotations

import time
from dataclasses import dataclass

from cityinfo.features import publishing, tenants
from cityinfo.features.publishing import Part
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Unavailable

from .store import Token

ONE_TRY_IN = 5.0  # seconds between two tries to reach a database that was away
MOST_PLACES = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """What an answer is made of: parts of one tenant, or the directory of all tenants when there is no tenant."""

    tenant_id: int | None
    parts: tuple[Part, ...] = ()


def place(tenant_id: int | None, language: str, kinds: tuple[str, ...]) -> Place:
    """Everything an answer about these kinds depends on, beside what every answer about a tenant does."""
    return Place(tenant_id, tuple((language, kind) for kind in kinds) if tenant_id is not None else ())


def read_token(db: Work, where: Place) -> Token:
    """Numbers that differ as soon as anything the answer is made of has changed."""
    if where.tenant_id is None:
        return (tenants.directory_seq(db),)
    return publishing.heads(db, where.parts)


class Heads:
    """Tokens by place, each trusted for `ttl` seconds."""

    def __init__(self, database: Database, ttl: float) -> None:
        self._database = database
        self._ttl = ttl
        self._known: dict[Place, tuple[float, Token]] = {}
        self._asking: set[Place] = set()
        self._away_until = 0.0

    def token(self, where: Place) -> Token:
        """The present token; `Unavailable` while the database is away."""
        known = self._known.get(where)
        now = time.monotonic()
        if known is not None and (now < known[0] or (where in self._asking and now < known[0] + self._ttl)):
            return known[1]  # while one thread asks, the others need not
        self.check_reachable()
        return self._ask(where)

    def last_known(self, where: Place) -> Token | None:
        known = self._known.get(where)
        return known[1] if known else None

    def remember(self, where: Place, token: Token) -> None:
        if len(self._known) >= MOST_PLACES:
            self._known.clear()
        self._known[where] = (time.monotonic() + self._ttl, token)

    def _ask(self, where: Place) -> Token:
        self._asking.add(where)
        try:
            with self._database.unit_of_work(NO_TENANT if where.tenant_id is None else where.tenant_id) as db:
                token = read_token(db, where)
        except Unavailable:
            self.note_absence()
            raise
        finally:
            self._asking.discard(where)
        self.remember(where, token)
        return token

    def check_reachable(self) -> None:
        """Refuse at once what would only wait for a database that was away a moment ago."""
        if time.monotonic() < self._away_until:
            raise Unavailable("database.down", "The database does not answer; try again in a moment.")

    def note_absence(self) -> None:
        self._away_until = time.monotonic() + ONE_TRY_IN
