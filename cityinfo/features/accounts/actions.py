"""Changes to people and to what they may do."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Forbidden, Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import facts, queries, rules
from .models import Account, Membership
from .rights import PersonRights
from .rules import MANAGER

ACCOUNT = "account"  # as the audit log names people
MOST_NAME = 200  # characters
SHORTEST_REASON = 5  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipDraft:
    """A role and how far it reaches. Without `languages` all, without `subtree` the whole city."""

    role: str
    languages: Collection[str] = ()
    subtree: Collection[int] = ()
    organization: int | None = None
    may_publish: bool = False
    expires_at: datetime | None = None


def create_account(
    db: Work, email: str, *, name: str, language: str = "de", staff: bool = False, actor: Actor
) -> Account:
    """A new person, in work that belongs to no tenant. `staff` makes them one of those who run the platform."""
    email = rules.check_email(email)
    name = _checked_name(name)
    if queries.account_of(db, email) is not None:
        raise Conflict("account.known", "Someone with this e-mail address is known already.")
    account = Account(
        id=db.new_id(),
        email=email,
        name=name,
        language=language,
        staff=False,
        active=True,
        created_at=clock.now(),
    )
    db.add(account)
    db.flush()
    tell(db, facts.AccountCreated(actor=actor, kind=ACCOUNT, entry_id=account.id, after=_state(account)))
    if staff:
        set_staff(db, account.id, True, actor=actor)
    return account


def describe(db: Work, account_id: int, *, name: str, language: str) -> None:
    """How someone wants to be called and in which language written to. Their own affair: no log keeps it."""
    account = queries.account(db, account_id)
    account.name, account.language = _checked_name(name), language
    db.flush()


def set_staff(db: Work, account_id: int, staff: bool, *, actor: Actor) -> None:
    """Make someone one of those who run the platform, or no longer. Only they themselves and the terminal can."""
    account = queries.account(db, account_id)
    if account.staff != staff:
        before = _state(account)
        account.staff = staff
        _tell_account(db, account, before, "staff" if staff else "no staff", actor)


def set_active(db: Work, account_id: int, active: bool, *, actor: Actor) -> None:
    """Lock someone out of all cities, or let them in again. It holds from their next request on.

    Even a city's last manager can be locked out: an account in wrong hands cannot wait for a successor.
    """
    account = queries.account(db, account_id)
    if account.active != active:
        before = _state(account)
        account.active = active
        _tell_account(db, account, before, "active" if active else "locked", actor)


def delete_account(db: Work, account_id: int, *, actor: Actor) -> None:
    """Forget a person who has no role anywhere and no way in, in work that belongs to no tenant."""
    account = queries.account(db, account_id)
    before = _state(account)
    db.delete(account)
    db.flush()
    tell(db, facts.AccountDeleted(actor=actor, kind=ACCOUNT, entry_id=account_id, before=before))


def grant_membership(db: Work, account_id: int, draft: MembershipDraft, *, actor: Actor) -> Membership:
    """Give a person a role in this city. They may have others here, and other ones elsewhere."""
    account = queries.account(db, account_id)
    _check(db, draft, actor)
    if any(row.role == draft.role for row in queries.memberships(db, account.id)):
        raise Conflict("membership.known", "This person has this role already; change how far it reaches.")
    row = Membership(id=db.new_id(), account_id=account.id, created_at=clock.now())
    _put(db, row, draft)
    tell(db, facts.MembershipGranted(**_about(row, actor), after=digest(row), note=_said(draft)))
    return row


def change_membership(db: Work, membership_id: int, draft: MembershipDraft, *, actor: Actor) -> Membership:
    """Give a membership another role or another reach. The last manager stays one."""
    row = queries.membership(db, membership_id)
    _check(db, draft, actor)
    check_held(rules.marks_of(row.role), actor)
    if draft.role != row.role and any(one.role == draft.role for one in queries.memberships(db, row.account_id)):
        raise Conflict("membership.known", "This person has this role already; revoke the other one instead.")
    if draft.role != MANAGER or draft.expires_at is not None:
        _check_not_the_last(db, row)
    before = digest(row)
    _put(db, row, draft)
    said = {"before": before, "after": digest(row), "note": _said(draft)}
    tell(db, facts.MembershipChanged(**{**_about(row, actor), **said}))
    return row


def revoke_membership(db: Work, membership_id: int, *, actor: Actor) -> None:
    """Take a role in this city from a person. The last manager keeps it until there is another one."""
    row = queries.membership(db, membership_id)
    check_held(rules.marks_of(row.role), actor)
    _check_not_the_last(db, row)
    before = digest(row)
    db.delete(row)
    db.flush()
    tell(db, facts.MembershipRevoked(**_about(row, actor), before=before, note=row.role))


def enter(db: Work, account_id: int, *, reason: str) -> None:
    """Note in this city's log that someone of the platform's staff acts here, and why."""
    person = queries.active_account(db, account_id)
    if not person.staff:
        raise Forbidden("staff.only", "Only the platform's staff can act in a city without a role there.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid("staff.reason", "Say in a few words why you act in this city; its managers can read it.")
    actor = queries.actor_in(db, account_id, acting=True)
    note = reason.strip()
    tell(db, facts.StaffEntered(actor=actor, kind=ACCOUNT, entry_id=account_id, after=digest(note), note=note))


def check_held(permissions: Iterable[str], actor: Actor) -> None:
    """Nobody gives away, or takes, more than they have. To propose words is less than to write them."""
    wanted = {permission.replace(":propose", ":write") for permission in permissions}
    if isinstance(actor.rights, PersonRights) and not wanted <= actor.rights.permissions():
        raise Forbidden("rights.more_than_held", "You cannot give or take rights that you do not have yourself.")


def _checked_name(name: str) -> str:
    if not name.strip() or len(name) > MOST_NAME:
        raise Invalid("account.name", say("Write a name of at most {most} letters.", most=MOST_NAME))
    return name.strip()


def _check(db: Work, draft: MembershipDraft, actor: Actor) -> None:
    rules.check_role(draft.role)
    rules.check_reach(
        draft.role,
        languages=draft.languages,
        subtree=draft.subtree,
        organization=draft.organization,
        may_publish=draft.may_publish,
    )
    check_held(rules.marks_of(draft.role), actor)
    if draft.expires_at is not None and rules.has_ended(draft.expires_at, clock.now()):
        raise Invalid("membership.expiry", "This moment has passed; choose a later one, or revoke the role.")
    unknown = queries.languages_unknown(db, draft.languages)
    if unknown:
        raise Invalid("membership.language", say("This city does not write in “{unknown}”.", unknown=unknown[0]))


def _check_not_the_last(db: Work, row: Membership) -> None:
    lasting = [manager.id for manager in queries.managers(db)]
    if row.role == MANAGER and lasting == [row.account_id]:
        raise Invalid("membership.last_manager", "This is the city's last manager; make someone else manager first.")


def _put(db: Work, row: Membership, draft: MembershipDraft) -> None:
    row.role = draft.role
    row.languages, row.subtree = sorted(set(draft.languages)), sorted(set(draft.subtree))
    row.organization_id, row.may_publish, row.expires_at = draft.organization, draft.may_publish, draft.expires_at
    db.add(row)
    db.flush()


def _about(row: Membership, actor: Actor) -> dict[str, Any]:
    return {"actor": actor, "kind": "membership", "entry_id": row.account_id}


def _said(draft: MembershipDraft) -> str:
    return ", ".join(f"{name}={value}" for name, value in asdict(draft).items() if value)


def _tell_account(db: Work, account: Account, before: str, note: str, actor: Actor) -> None:
    db.flush()
    said = {"before": before, "after": _state(account), "note": note}
    tell(db, facts.AccountChanged(actor=actor, kind=ACCOUNT, entry_id=account.id, **said))


def _state(account: Account) -> str:
    """Nothing of the person: the log stays when the account has gone."""
    return digest(account.id, account.staff, account.active)
