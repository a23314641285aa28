"""Challenges: what a browser is asked and must answer within minutes, once.

They are signed, not kept: whoever asks for thousands fills no table. What is kept is that one was answered.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid

from .models import UsedChallenge
from .seals import Seal

LASTS = timedelta(minutes=5)
SECOND_FACTOR, PASSKEY, NEW_PASSKEY = "second factor", "passkey", "new passkey"
_PURPOSE = "challenge"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What was asked, for what, and of whom; None of whoever holds a passkey."""

    purpose: str
    account_id: int | None
    random: str

    @property
    def bytes(self) -> bytes:
        """As WebAuthn wants it."""
        return self.random.encode()


def make(purpose: str, account_id: int | None) -> Challenge:
    """A challenge nobody can foresee."""
    return Challenge(purpose, account_id, secrets.token_urlsafe(32))


def signed(seal: Seal, challenge: Challenge) -> str:
    """The challenge as it travels and comes back with the answer."""
    return seal.sign(_PURPOSE, [challenge.purpose, challenge.account_id, challenge.random], lasts=LASTS)


def read(seal: Seal, purpose: str, token: str) -> Challenge:
    """The challenge that comes back; `Invalid` when it is too old, or was made for something else."""
    challenge = Challenge(*seal.read(_PURPOSE, token))
    if challenge.purpose != purpose:
        raise Invalid("challenge.unreadable", "This was made for something else; start again.")
    return challenge


def use_up(db: Work, seal: Seal, challenge: Challenge) -> None:
    """Note that it was answered; `Invalid` when it was before."""
    row = UsedChallenge(digest=seal.digest(_PURPOSE, challenge.random), forget_at=clock.now() + LASTS)
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        raise Invalid("challenge.used", "This was answered already; start again.") from None


def forget_old(db: Work, now: datetime) -> None:
    """Delete the notes on challenges that are too old by now."""
    db.execute(delete(UsedChallenge).where(UsedChallenge.forget_at < now))
