"""The units of work of a request by someone who has logged in.

Who they are and what they may do is asked in the same unit of work in which the request is done: what a manager has
changed holds from the next request on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import current_app, g, request

from cityinfo.features import accounts, deletion, logins, tenants, tokens
from cityinfo.features.accounts import Account, PersonRights
from cityinfo.features.logins import LoginSession
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Forbidden, NotFound, Unauthenticated
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import either, say

from . import identity
from .identity import Caller, Machine


@contextmanager
def request_work(*, write: bool = False) -> Iterator[tuple[Work, Actor]]:
    """One unit of work in the city that the address names, and the caller with the rights they have there now.

    Raises `Unauthenticated` for nobody, `NotFound` in a city that is not theirs, `Forbidden` without the permission
    that the view declares.
    """
    caller = identity.caller()
    with _database().unit_of_work(_tenant_id(), write=write) as db:
        actor = _machine(db, caller) if isinstance(caller, Machine) else _person(db, caller)
        _check_permission(actor, g.permissions)
        yield db, actor


@contextmanager
def account_work(*, write: bool = False) -> Iterator[tuple[Work, Account, LoginSession]]:
    """One unit of work that belongs to no city, the caller and their session."""
    caller = identity.caller()
    if isinstance(caller, Machine):
        raise Unauthenticated("login.person", "This is for people: log in, a token is not enough.")
    with _database().unit_of_work(NO_TENANT, write=write) as db:
        session = logins.sessions.session_of(db, caller.session_id, caller.account_id)
        yield db, accounts.active_account(db, caller.account_id), session


def caller_session() -> LoginSession:
    """The caller's session, for what opens its own units of work."""
    with account_work() as (_, _, session):
        return session


def check_door(permissions: Sequence[str]) -> None:
    """Look at the caller before anything else is looked at: no writer waits for someone who may not write."""
    g.permissions = permissions
    if "tenant" in (request.view_args or {}):
        _count_use()
        with request_work():
            return
    with account_work() as (_, account, session):
        if permissions and not account.staff:
            raise Forbidden("staff.only", "Only the platform's staff can do this.")
        if permissions:
            _check_staff(session)


def rights_of(actor: Actor) -> PersonRights:
    """The rights of someone who came through the door."""
    assert isinstance(actor.rights, PersonRights)
    return actor.rights


def _person(db: Work, caller: Caller) -> Actor:
    session = logins.sessions.session_of(db, caller.session_id, caller.account_id)
    acting = logins.sessions.is_acting_in(session, db.tenant_id)
    actor = accounts.actor_in(db, caller.account_id, acting=acting, places=current_app.extensions["places"])
    if actor.kind == accounts.STAFF:
        _check_staff(session)
    logins.check_second_factor(db, session, [grant.role for grant in rights_of(actor).grants])
    return actor


def _check_staff(session: LoginSession) -> None:
    """Everywhere but in development: whoever tries the service on their own machine need not set one up."""
    if current_app.config["SETTINGS"].production:
        logins.check_staff(session)


def _machine(db: Work, caller: Machine) -> Actor:
    return tokens.actor_of(db, caller.secret, places=current_app.extensions["places"])


def _count_use() -> None:
    caller = identity.caller()
    if isinstance(caller, Machine):
        tokens.use(_database(), _tenant_id(), caller.secret)


def _check_permission(actor: Actor, permissions: Sequence[str]) -> None:
    if not any(rights_of(actor).may(permission) for permission in permissions):
        raise Forbidden(
            "rights.permission",
            say(
                "Your role does not include this ({choices}); ask a manager of the city.",
                choices=either(permissions),
            ),
            permissions=list(permissions),
        )


def _tenant_id() -> int:
    slug = (request.view_args or {})["tenant"]
    try:
        with _database().unit_of_work(NO_TENANT) as db:
            return tenants.find(db, slug).id
    except NotFound:
        _explain_closing(slug)
        raise


def _explain_closing(slug: str) -> None:
    """Who works in a city that was closed is told so; for everyone else there is no such city."""
    caller = identity.caller()
    with _database().unit_of_work(NO_TENANT) as db:
        closed = deletion.closed_at(db, slug)
    if closed is None or isinstance(caller, Machine):
        return
    with _database().unit_of_work(closed.city_id) as db:
        works_here = bool(accounts.memberships(db, caller.account_id))
    if works_here:
        raise Forbidden(
            "tenant.closed",
            "This city is closed and will be deleted. If it should stay, write to the staff of the platform.",
            city=closed.name,
            due_at=closed.due_at.isoformat(),
        )


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database
