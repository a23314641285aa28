"""Sessions: what a login leads to, and how it goes on without another one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update

from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Unauthenticated

from .models import LoginSession

SESSION_LASTS = timedelta(days=30)  # without use
ACTING_LASTS = timedelta(hours=4)
ENDED_STAY = timedelta(days=90)  # so that someone can look back at what happened to their account


def begin(db: Work, account_id: int) -> LoginSession:
    """A session for whoever has just proved to be this person."""
    now = clock.now()
    session = LoginSession(
        id=db.new_id(), account_id=account_id, turn=1, created_at=now, used_at=now, expires_at=now + SESSION_LASTS
    )
    db.add(session)
    db.flush()
    return session


def session_of(db: Work, session_id: int, account_id: int) -> LoginSession:
    """The session, while it lasts; else `Unauthenticated`."""
    session = db.get(LoginSession, session_id)
    if session is None or session.account_id != account_id or _is_over(session, clock.now()):
        raise ended()
    return session


def renew(db: Work, session_id: int, *, turn: int) -> LoginSession | None:
    """Go on with a session; its next turn is told by the answer. None when it cannot go on.

    A turn that was used before ends the session for everyone: one of those who hold it has stolen it.
    """
    now = clock.now()
    statement = update(LoginSession).where(LoginSession.id == session_id, LoginSession.ended_at.is_(None))
    following = {"turn": turn + 1, "used_at": now, "expires_at": now + SESSION_LASTS}
    fits = (LoginSession.turn == turn, LoginSession.expires_at > now)
    renewed = db.execute(statement.where(*fits).values(**following).returning(LoginSession.id)).scalar()
    if renewed is None:
        db.execute(statement.values(ended_at=now))
        return None
    return db.get(LoginSession, session_id, populate_existing=True)


def end(db: Work, session_id: int) -> None:
    """Log out. Tokens of this session are worth nothing from now on."""
    session = db.get(LoginSession, session_id)
    if session is not None and session.ended_at is None:
        session.ended_at = clock.now()


def end_all(db: Work, account_id: int) -> None:
    """Log someone out everywhere."""
    theirs = (LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
    db.execute(update(LoginSession).where(*theirs).values(ended_at=clock.now()))


def act_in(db: Work, session_id: int, tenant_id: int | None) -> None:
    """Let someone of the platform's staff act in this city, and in no other one; None leaves it."""
    session = db.get_one(LoginSession, session_id)
    session.acting_in = tenant_id
    session.acting_until = clock.now() + ACTING_LASTS if tenant_id is not None else None


def is_acting_in(session: LoginSession, tenant_id: int) -> bool:
    until = session.acting_until
    return session.acting_in == tenant_id and until is not None and until > clock.now()


def forget_ended(database: Database) -> int:
    """Delete sessions that ended long ago, one way or the other; returns how many there were."""
    limit = clock.now() - ENDED_STAY
    over = or_(LoginSession.ended_at < limit, LoginSession.expires_at < limit)
    with database.unit_of_work(NO_TENANT, write=True) as db:
        gone: int = db.execute(delete(LoginSession).where(over)).rowcount  # type: ignore[attr-defined]
    return gone


def ended() -> Unauthenticated:
    return Unauthenticated("login.ended", "This login has ended; log in again.")


def _is_over(session: LoginSession, now: datetime) -> bool:
    return session.ended_at is not None or session.expires_at <= now
