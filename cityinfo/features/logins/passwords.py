"""Passwords: kept as argon2id digests, checked outside every unit of work because that takes its time."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from cityinfo.features import accounts
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Invalid, Unauthenticated

from .models import Password

SHORTEST, LONGEST = 12, 200  # characters
# OWASP's choice for argon2id: 19 MiB and two passes; several logins at once must fit into a small server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def digest_of(password: str) -> str:
    """The digest to keep. `Invalid` when the password is too short to protect anything."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid("password.length", f"Choose a password of {SHORTEST} to {LONGEST} characters.")
    return _HASHER.hash(password)


def keep(db: Work, account_id: int, digest: str) -> None:
    """Let this be someone's password from now on."""
    row = db.get(Password, account_id) or Password(account_id=account_id)
    row.digest, row.changed_at = digest, clock.now()
    db.add(row)
    db.flush()


def check(database: Database, email: str, password: str) -> int:
    """Whose e-mail address and password these are; else `Unauthenticated`, never saying which of both is wrong."""
    with database.unit_of_work(NO_TENANT) as db:
        account = accounts.account_of(db, email)
        row = db.get(Password, account.id) if account else None
    # Someone unknown takes as long as someone known, so that nobody can find out who has an account.
    fits = _fits(row.digest if row else _nobodys_digest(), password)
    if account is None or row is None or not fits or not account.active:
        raise Unauthenticated("login.wrong", "E-mail address or password is wrong; try again.")
    return account.id


def _fits(digest: str, password: str) -> bool:
    try:
        return _HASHER.verify(digest, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobodys_digest() -> str:
    return _HASHER.hash("nobody has this password")
