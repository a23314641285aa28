"""Changes that managers, staff and the terminal make to how others get in."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select

from cityinfo.features import accounts, tenants
from cityinfo.features.accounts import Account, MembershipDraft
from cityinfo.kernel import digests
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import facts, links, passwords, sessions
from .facts import KIND
from .links import INVITATION, PASSWORD
from .models import SecondFactorRule


def invite(
    db: Work, email: str, *, name: str, membership: MembershipDraft, language: str = "de", actor: Actor
) -> Account:
    """Give someone a role in this city and send them a letter: with a way in, or, if they have one, to say so.

    Inviting someone again who never came sends another letter; the link of the first one opens nothing any more.
    """
    account = accounts.account_of(db, email) or accounts.create_account(
        db, email, name=name, language=language, actor=actor
    )
    roles = [row.role for row in accounts.memberships(db, account.id)]
    if membership.role not in roles or links.has_login(db, account.id):
        accounts.grant_membership(db, account.id, membership, actor=actor)
    _promise(db, account, actor)
    return account


def invite_again(db: Work, account_id: int, *, actor: Actor) -> Account:
    """Send the letter once more to someone with a role here who never came; the earlier link opens nothing any more."""
    account = accounts.account_here(db, account_id)
    _check_never_came(db, account)
    _promise(db, account, actor)
    return account


def take_back_invitation(db: Work, account_id: int, *, actor: Actor) -> Account:
    """Take all roles here from someone who never came. Unless another city waits for them, the link opens nothing."""
    account = accounts.account_here(db, account_id)
    _check_never_came(db, account)
    for row in accounts.memberships(db, account_id):
        accounts.revoke_membership(db, row.id, actor=actor)
    return account


def set_password(db: Work, account_id: int, digest: str, *, actor: Actor) -> None:
    """Give someone a password, as its digest, and end all their logins."""
    accounts.account(db, account_id)
    after = digests.digest(account_id, digest)
    passwords.keep(db, account_id, digest)
    links.close(db, account_id, INVITATION, PASSWORD)
    sessions.end_all(db, account_id, actor=actor)
    tell(db, facts.PasswordChanged(actor=actor, kind=KIND, entry_id=account_id, after=after, note="set"))


def require_second_factor(db: Work, roles: Collection[str], *, actor: Actor) -> None:
    """Let exactly these roles work in this city only with a second factor."""
    unknown = set(roles) - set(accounts.ROLES)
    if unknown:
        raise Invalid(
            "membership.role",
            say(
                "There is no role “{unknown}”; choose of: {choices}.",
                unknown=min(unknown),
                choices=", ".join(accounts.ROLES),
            ),
        )
    before = set(db.scalars(select(SecondFactorRule.role)))
    db.execute(delete(SecondFactorRule).where(SecondFactorRule.role.not_in(roles)))
    db.add_all(SecondFactorRule(role=role) for role in set(roles) - before)
    db.flush()
    said = {"before": digests.digest(before), "after": digests.digest(set(roles)), "note": " ".join(sorted(roles))}
    tell(db, facts.SecondFactorRequired(actor=actor, kind="settings", entry_id=db.tenant_id, **said))


def _promise(db: Work, account: Account, actor: Actor) -> None:
    link = links.promise(db, account.id, INVITATION, city=db.get_one(tenants.Tenant, db.tenant_id).full_name)
    tell(db, facts.LinkAsked(actor=actor, kind=KIND, entry_id=account.id, after=digests.digest(link), note=INVITATION))


def _check_never_came(db: Work, account: Account) -> None:
    if links.has_login(db, account.id):
        raise Conflict("invitation.accepted", say("{name} has accepted the invitation already.", name=account.name))
