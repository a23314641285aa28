"""Failed logins slow down whoever fails, and nobody else.

Counted are pairs of account and address, addresses, and accounts as a whole; devices from which this account has logged
in before are counted alone, so that an attack from many addresses locks out no colleague at their own desk. Counters
are rows: they hold for every worker. Unknown accounts are counted like known ones, so that counting tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Limited
from cityinfo.kernel.i18n import say

from .models import LoginFailure
from .seals import Seal

FORGOTTEN_AFTER = timedelta(hours=24)  # without another failure
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
# How many failures are free. A person mistypes a few times, an office behind one address has many persons, and an
# account that fails this often from new places is being attacked.
FREE = {"pair": 5, "device": 5, "address": 20, "account": 30}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Someone tries to prove who they are. `whose` names the account, or what was typed for one.

    `address` is where it comes from, `device` names a device this account knows, empty when it knows none.
    """

    whose: str
    address: str
    device: str = ""

    def scopes(self) -> Mapping[str, str]:
        """What the attempt counts for: scope → whose counter it is."""
        if self.device:
            return {"device": f"{self.whose} {self.device}"}
        return {"pair": f"{self.whose} {self.address}", "address": self.address, "account": self.whose}


def count(db: Work, seal: Seal, attempt: Attempt) -> None:
    """Count an attempt before it is decided, so that many at once are not all let through.

    Raises `Limited` while a pause lasts. Belongs into work of no tenant that is kept whatever comes of the attempt.
    """
    now = clock.now()
    rows = {scope: _row(db, key) for key, scope in sorted(_keys(seal, attempt).items())}
    open_at = max((row.open_at for row in rows.values() if row.open_at), default=now)
    if open_at > now:
        seconds = int((open_at - now).total_seconds()) + 1
        raise Limited(
            "login.limited",
            say("Too many failed attempts; try again in {seconds} seconds.", seconds=seconds),
            retry_after=seconds,
        )
    for scope, row in rows.items():
        row.failures = row.failures + 1 if now - row.failed_at < FORGOTTEN_AFTER else 1
        row.failed_at = now
        row.open_at = now + pause_after(row.failures - FREE[scope])
    db.flush()


def take_back(db: Work, seal: Seal, attempt: Attempt) -> None:
    """The attempt was right: what counted it alone starts anew, the rest only forgets this attempt."""
    for key, scope in sorted(_keys(seal, attempt).items()):
        row = _row(db, key)
        row.failures = 0 if scope in ("pair", "device") else max(row.failures - 1, 0)
        row.open_at = None
    db.flush()


def pause_after(beyond: int) -> timedelta:
    """How long to wait after so many failures more than are free: doubles each time."""
    return min(FIRST_PAUSE * (1 << min(beyond, 20) - 1), LONGEST_PAUSE) if beyond > 0 else timedelta()


def forget_old(db: Work, now: datetime) -> None:
    """Delete counters that no longer count."""
    db.execute(delete(LoginFailure).where(LoginFailure.failed_at < now - FORGOTTEN_AFTER))


def _keys(seal: Seal, attempt: Attempt) -> dict[str, str]:
    """Digest → scope: nobody reads in the table who failed where."""
    return {seal.digest(f"failures of a {scope}", whose): scope for scope, whose in attempt.scopes().items()}


def _row(db: Work, key: str) -> LoginFailure:
    """The counter, held until the work ends. Keys are asked for in order, so that two never wait for each other."""
    statement = select(LoginFailure).where(LoginFailure.key == key).with_for_update()
    found = db.scalar(statement)
    if found is not None:
        return found
    try:
        with db.begin_nested():
            db.add(LoginFailure(key=key, failures=0, failed_at=clock.now()))
    except IntegrityError:  # someone else failed for the first time just now
        pass
    return db.scalars(statement).one()
