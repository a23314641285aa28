"""Changes that staff and the terminal make to how others get in."""

from __future__ import annotations

from cityinfo.features import accounts
from cityinfo.kernel import digests
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor, tell

from . import passwords, sessions
from .facts import KIND, PasswordChanged


def set_password(db: Work, account_id: int, digest: str, *, actor: Actor) -> None:
    """Give someone a password, as its digest, and end all their logins."""
    accounts.account(db, account_id)
    after = digests.digest(account_id, digest)
    passwords.keep(db, account_id, digest)
    sessions.end_all(db, account_id)
    tell(db, PasswordChanged(actor=actor, kind=KIND, entry_id=account_id, after=after))
