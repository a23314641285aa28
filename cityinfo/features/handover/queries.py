"""What waits for one person in a city, and who could take it over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cityinfo.features import accounts, comments, content, tokens
from cityinfo.features.content import Held
from cityinfo.features.tokens import ApiToken
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What waits for someone: texts, threads (how many), and tokens they made, whose secrets they may still know."""

    texts: Sequence[Held]
    threads: int
    tokens: Sequence[ApiToken]

    @property
    def waits(self) -> bool:
        """Whether a colleague has anything to take over."""
        return bool(self.texts or self.threads)


def name_of(account_id: int) -> str:
    """How the audit log, versions and comments name a person."""
    return str(Actor(accounts.PERSON, str(account_id)))


def burden_of(db: Work, account_id: int) -> Burden:
    """A fixed number of statements, whatever waits."""
    person, now = name_of(account_id), clock.now()
    made = [one for one in tokens.tokens(db) if one.created_by == person]
    return Burden(
        texts=content.held_by(db, person),
        threads=len(comments.last_words(db, person)),
        tokens=[one for one in made if one.revoked_at is None and one.expires_at > now],
    )


def successors(db: Work, account_id: int) -> dict[int, str]:
    """The colleagues of someone who work here now, by identity, in the order of their names."""
    now = clock.now()
    return {
        one.account.id: one.account.name
        for one in accounts.people(db)
        if one.account.id != account_id and one.account.active
        if one.membership.expires_at is None or one.membership.expires_at > now
    }
