"""Reading what a city asks of those who work in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from cityinfo.features import accounts
from cityinfo.features.accounts import Account
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Forbidden
from cityinfo.kernel.listing import portions

from .links import INVITATION
from .models import Authenticator, LoginLink, LoginSession, Passkey, Password, SecondFactorRule


@dataclass(frozen=True, slots=True)
class Invitation:
    """Someone with roles in a city who has never come. `sent_at` is when the newest letter went out; without
    `expires_at` its link opens nothing any more."""

    account: Account
    roles: Sequence[str]
    sent_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ways:
    """How someone gets in: when they last did, and whether with a second factor. Never what proves it."""

    logged_in_at: datetime | None = None
    has_factor: bool = False
    has_login: bool = False


def ways_of(db: Work, account_ids: Collection[int]) -> dict[int, Ways]:
    """The ways in of these people. Five statements for every 500."""
    last, strong = _last_logins(db, account_ids), _with_factor(db, account_ids)
    came = _with_login(db, account_ids)
    return {one: Ways(last.get(one), one in strong, one in came) for one in account_ids}


def _last_logins(db: Work, account_ids: Collection[int]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for ids in portions(account_ids):
        newest = select(LoginSession.account_id, func.max(LoginSession.used_at)).group_by(LoginSession.account_id)
        found |= {row[0]: row[1] for row in db.execute(newest.where(LoginSession.account_id.in_(ids)))}
    return found


def _with_factor(db: Work, account_ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    for ids in portions(account_ids):
        apps = select(Authenticator.account_id).where(Authenticator.confirmed_at.is_not(None))
        found |= set(db.scalars(apps.where(Authenticator.account_id.in_(ids))))
        found |= set(db.scalars(select(Passkey.account_id).where(Passkey.account_id.in_(ids))))
    return found


def invitations(db: Work) -> list[Invitation]:
    """Everyone with a role in this city who has no login yet, by name. A fixed number of statements for every 500."""
    people: dict[int, Account] = {}
    roles: dict[int, list[str]] = {}
    for one in accounts.people(db):
        people[one.account.id] = one.account
        roles.setdefault(one.account.id, []).append(one.membership.role)
    came, links = _with_login(db, people), _newest_links(db, people)
    return [_invitation(people[one], roles[one], links.get(one)) for one in people if one not in came]


def _invitation(account: Account, roles: Sequence[str], link: LoginLink | None) -> Invitation:
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        return Invitation(account, roles, link.sent_at if link else None, None)
    return Invitation(account, roles, link.sent_at, link.expires_at)


def _with_login(db: Work, account_ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    for ids in portions(account_ids):
        found |= set(db.scalars(select(Password.account_id).where(Password.account_id.in_(ids))))
        found |= set(db.scalars(select(Passkey.account_id).where(Passkey.account_id.in_(ids))))
    return found


def _newest_links(db: Work, account_ids: Collection[int]) -> dict[int, LoginLink]:
    found: dict[int, LoginLink] = {}
    for ids in portions(account_ids):
        invited = (LoginLink.account_id.in_(ids), LoginLink.purpose == INVITATION)
        for link in db.scalars(select(LoginLink).where(*invited).order_by(LoginLink.id)):
            found[link.account_id or 0] = link
    return found


def roles_with_second_factor(db: Work) -> list[str]:
    """Roles that this city lets work only with a second factor, in the order of the house."""
    wanted = set(db.scalars(select(SecondFactorRule.role)))
    return [role for role in accounts.ROLES if role in wanted]


def check_second_factor(db: Work, session: LoginSession, roles: Collection[str]) -> None:
    """`Forbidden` for whoever acts here in a role that needs a second factor, and logged in without one.

    Until they have set one up, they can do that and nothing else. The platform's staff needs one wherever anyone does.
    """
    if session.strong:
        return
    wanted = roles_with_second_factor(db)
    if accounts.STAFF in roles and wanted:
        check_staff(session)
    if set(roles) & set(wanted):
        raise Forbidden(
            "second_factor.needed",
            "This city asks for a second factor; set one up, or log in with the one you have, and come back.",
            roles=wanted,
        )


def check_staff(session: LoginSession) -> None:
    """`Forbidden` for someone of the platform's staff who logged in without a second factor: every city is at stake."""
    if not session.strong:
        raise Forbidden(
            "second_factor.needed",
            "Staff of the platform need a second factor; set one up, or log in with the one you have, and come back.",
            roles=[accounts.STAFF],
        )
