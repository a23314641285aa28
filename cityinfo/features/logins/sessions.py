"""Sessions: what a login leads to, and how it goes on without another one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import NotFound, Unauthenticated
from cityinfo.kernel.facts import Actor, tell

from .facts import KIND, SessionEnded
from .models import LoginSession

SESSION_LASTS = timedelta(days=30)  # without use
ACTING_LASTS = timedelta(hours=4)
FRESH = timedelta(minutes=10)
ENDED_STAY = timedelta(days=90)  # so that someone can look back at what happened to their account


def begin(db: Work, account_id: int, *, device: str = "", network: str = "", strong: bool = False) -> LoginSession:
    """A session for whoever has just proved to be this person; `strong` when with a second factor."""
    now = clock.now()
    session = LoginSession(id=db.new_id(), account_id=account_id, turn=1, created_at=now, used_at=now)
    session.expires_at = now + SESSION_LASTS
    session.device, session.network, session.strong = device, network, strong
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


def open_sessions(db: Work, account_id: int) -> Sequence[LoginSession]:
    """Where a person is logged in now, the one used last first."""
    mine = (LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
    statement = select(LoginSession).where(*mine, LoginSession.expires_at > clock.now())
    return db.scalars(statement.order_by(LoginSession.used_at.desc(), LoginSession.id.desc())).all()


def end_one(db: Work, account_id: int, session_id: int, *, actor: Actor) -> None:
    """End one of a person's logins; `NotFound` when it is none of theirs."""
    session = db.get(LoginSession, session_id)
    if session is None or session.account_id != account_id or session.ended_at is not None:
        raise NotFound("session.unknown", "There is no such login, or it has ended already.")
    _end(db, session, actor)


def end_others(db: Work, session: LoginSession, *, actor: Actor) -> None:
    """End all of a person's logins but this one."""
    for one in open_sessions(db, session.account_id):
        if one.id != session.id:
            _end(db, one, actor)


def end_all(db: Work, account_id: int, *, actor: Actor) -> None:
    """End all of a person's logins."""
    for one in open_sessions(db, account_id):
        _end(db, one, actor)


def is_fresh(session: LoginSession) -> bool:
    """Whether who holds it has proved only just now who they are."""
    return clock.now() - session.created_at < FRESH


def act_in(db: Work, session_id: int, tenant_id: int | None) -> None:
    """Let someone of the platform's staff act in this city, and in no other one; None leaves it."""
    session = db.get_one(LoginSession, session_id)
    session.acting_in = tenant_id
    session.acting_until = clock.now() + ACTING_LASTS if tenant_id is not None else None


def leave_everyone(db: Work, tenant_id: int) -> None:
    """Let nobody act in this city any more, in work that belongs to no tenant."""
    acting = update(LoginSession).where(LoginSession.acting_in == tenant_id)
    db.execute(acting.values(acting_in=None, acting_until=None), execution_options={"synchronize_session": False})


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


def _end(db: Work, session: LoginSession, actor: Actor) -> None:
    before, session.ended_at = digest(session), clock.now()
    db.flush()
    tell(db, SessionEnded(actor=actor, kind=KIND, entry_id=session.account_id, before=before, after=digest(session)))


def _is_over(session: LoginSession, now: datetime) -> bool:
    return session.ended_at is not None or session.expires_at <= now
